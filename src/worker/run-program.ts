import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListedFileStore } from '../core/file-store.ts';
import type { RunFacts } from '../sdk/flow-ports.ts';
import { describeError } from '../service/log.ts';
import { type Ending, failed } from './ending.ts';
import { childEnvironment, nodePath, pythonPath, type WorkerEnv } from './env.ts';
import { entryOf } from './fetch-flow.ts';
import { FlowChronicle } from './flow-chronicle.ts';
import { createFlowLog } from './flow-log.ts';
import { type GatherDeps, type GatheredFlow, gatherFlow } from './gather-flow.ts';
import { installRequirements } from './install-requirements.ts';
import { OutputStore } from './output-store.ts';
import { PipesSession } from './pipes/pipes-session.ts';
import type { DetailRecorder } from './record-details.ts';
import { runCommand } from './run-command.ts';
import { type FlowPeer, type ModuleDeps, runModule } from './run-module.ts';
import type { SecretMask } from './secret-mask.ts';
import { interrupted } from './stopping.ts';

export interface ProgramDeps extends ModuleDeps, Pick<GatherDeps, 'ownPackage'> {
  readonly files: ListedFileStore;
  readonly recorder: DetailRecorder;
  readonly mask: SecretMask;
  /** The variables whose values it takes out, for the flow's process to do the same. */
  readonly secretNames: readonly string[];
}

/** Runs what the task is there for: the worker's own arguments as a command, or else the flow's artifact. Never throws. */
export async function runProgram(env: WorkerEnv, command: readonly string[], deps: ProgramDeps): Promise<Ending> {
  if (deps.stopping.signal.aborted) return interrupted(deps.stopping);
  if (command.length === 0 && env.artifactS3Uri === undefined) {
    return failed('there is nothing to run: the flow has neither an artifact nor a command');
  }
  const folder = await mkdtemp(join(tmpdir(), 'slipway-'));
  try {
    return await runInFolder(env, command, folder, deps);
  } catch (error) {
    // Ours or the machine's: a full disk, no process left. The run must end with a record all the same.
    return failed(`the worker could not run it: ${describeError(error)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runInFolder(
  env: WorkerEnv,
  command: readonly string[],
  folder: string,
  deps: ProgramDeps,
): Promise<Ending> {
  const flow = await gatherFlow(env, folder, { ...deps, stop: deps.stopping.signal });
  if (deps.stopping.signal.aborted) return interrupted(deps.stopping);
  if (!flow.ok) return failed(flow.error);
  return command.length > 0 ? runWithPipes(env, command, folder, flow.value, deps) : runFlow(env, flow.value, deps);
}

async function runFlow(env: WorkerEnv, { artifact, parameters }: GatheredFlow, deps: ProgramDeps): Promise<Ending> {
  const { clock, recorder, mask, secretNames } = deps;
  const { folder = '', sha256 = '' } = artifact ?? {};
  const module = await entryOf(env.artifactS3Uri ?? '', folder);
  if (!module.ok) return failed(module.error);
  const chronicle = new FlowChronicle(recorder, outputLog(env, deps), mask);
  const outputs = new OutputStore({ ...deps, ...env, bucket: env.bucket, artifact: sha256 });
  const peer: FlowPeer = { note: (json) => chronicle.note(json), answer: (call) => outputs.answer(call) };
  const start = { module: module.value, facts: factsOf(env), parameters, logLevel: env.logLevel, secretNames };
  const ending = await runModule(start, peer, deps);
  chronicle.close(clock.now());
  return ending;
}

/** A program in any language, with what Dagster Pipes' clients look for, and with its packages where Python looks. */
async function runWithPipes(
  env: WorkerEnv,
  command: readonly string[],
  folder: string,
  { artifact, packages, parameters }: GatheredFlow,
  deps: ProgramDeps,
): Promise<Ending> {
  const sitePackages = join(folder, 'site-packages');
  const installed = await installRequirements(packages, sitePackages, deps);
  if (installed.kind !== 'succeeded') return installed;
  const pipesFolder = join(folder, 'pipes');
  await mkdir(pipesFolder);
  const { runId, flow, attempt, bucket } = env;
  const pipes = await PipesSession.open({
    ...deps,
    run: { runId, flow, attempt, parameters },
    folder: pipesFolder,
    bucket,
    flowLog: outputLog(env, deps),
    report: (report) => deps.recorder.report(report),
  });
  const path = pythonPath([...(artifact === undefined ? [] : [artifact.folder]), ...packages, sitePackages]);
  const ending = await runCommand(command, {
    ...deps,
    environment: {
      ...childEnvironment(pipes.variables),
      PYTHONPATH: path,
      NODE_PATH: nodePath([join(folder, 'node_modules')]),
    },
    ...(artifact === undefined ? {} : { folder: artifact.folder }),
    watch: { stdout: pipes.lineReader(true), stderr: pipes.lineReader(true) },
  });
  const { exception } = await pipes.finish();
  if (ending.kind !== 'failed' || exception === undefined) return ending;
  return failed(`${command[0]} exited with ${ending.exitCode}: ${exception.head}`, ending.exitCode, exception.text);
}

function outputLog(env: WorkerEnv, { clock, stdout }: ProgramDeps) {
  const { runId, attempt, flow, correlationId } = env;
  const ids = { runId, attempt, flow, ...(correlationId === undefined ? {} : { correlationId }) };
  return createFlowLog({ level: env.logLevel, clock, ids, write: (line) => void stdout.write(line) });
}

function factsOf({ runId, attempt, flow, flowVersion, org, environment, correlationId }: WorkerEnv): RunFacts {
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
