import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileStore } from '../core/file-store.ts';
import { describeError } from '../service/log.ts';
import { type Ending, failed } from './ending.ts';
import type { WorkerEnv } from './env.ts';
import { fetchFlow, fetchParameters } from './fetch-flow.ts';
import type { FlowFacts } from './flow-messages.ts';
import { runCommand } from './run-command.ts';
import { type ModuleDeps, runModule } from './run-module.ts';
import { interrupted } from './stopping.ts';

export interface ProgramDeps extends ModuleDeps {
  readonly files: FileStore;
}

/** Runs what the task is there for: the worker's own arguments as a command, or else the flow's artifact. Never throws. */
export async function runProgram(env: WorkerEnv, command: readonly string[], deps: ProgramDeps): Promise<Ending> {
  if (deps.stopping.signal.aborted) return interrupted(deps.stopping);
  try {
    return command.length > 0 ? await runCommand(command, deps) : await runArtifact(env, deps);
  } catch (error) {
    // Ours or the machine's: a full disk, no process left. The run must end with a record all the same.
    return failed(`the worker could not run it: ${describeError(error)}`);
  }
}

async function runArtifact(env: WorkerEnv, deps: ProgramDeps): Promise<Ending> {
  const { artifactS3Uri } = env;
  if (artifactS3Uri === undefined) {
    return failed('there is nothing to run: the flow has neither an artifact nor a command');
  }
  const folder = await mkdtemp(join(tmpdir(), 'slipway-'));
  try {
    return await runInFolder(env, artifactS3Uri, folder, deps);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runInFolder(env: WorkerEnv, artifact: string, folder: string, deps: ProgramDeps): Promise<Ending> {
  const fetching = { files: deps.files, clock: deps.clock, stop: deps.stopping.signal };
  const [module, parameters] = await Promise.all([
    fetchFlow(fetching, artifact, folder),
    fetchParameters(fetching, env.parameters),
  ]);
  if (deps.stopping.signal.aborted) return interrupted(deps.stopping);
  if (!module.ok) return failed(module.error);
  if (!parameters.ok) return failed(parameters.error);
  const { logLevel } = env;
  return runModule({ module: module.value, facts: factsOf(env), parameters: parameters.value, logLevel }, deps);
}

function factsOf({ runId, attempt, flow, flowVersion, org, environment, correlationId }: WorkerEnv): FlowFacts {
  return {
    runId,
    attempt,
    flow,
    flowVersion,
    org,
    ...(environment === undefined ? {} : { environment }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}
