/**
 * The worker: what the container of a worker flow runs.
 *
 *   node dist/worker/main.js [command args…]
 *
 *   SLIPWAY_* ─> env ─┬─> flow process, waiting ─────────────────┐ (for a flow, not for a command)
 *                     ├─> metadata endpoint ─> task ARN ─┐       │
 *                     └─> SDK ─────────────> store, files ┴─> claim ── refused ──> exit 0
 *                                              └─> artifact ───┐ │
 *                                       command | flow module in its process
 *                                                              │
 *                                                   final record ─> exit code of the program
 */
import { extname, join } from 'node:path';
import { adviceOnDenial } from '../core/access-denied.ts';
import { systemClock } from '../service/clock.ts';
import { createLog, describeError, type LogFacts } from '../service/log.ts';
import { readWorkerEnv, silenceSdkWarning, type WorkerEnv } from './env.ts';
import { MISCONFIGURED, UNAVAILABLE } from './exit-codes.ts';
import { fetchAhead } from './fetch-ahead.ts';
import { findTaskArn } from './find-task-arn.ts';
import { forkFlow } from './fork-flow.ts';
import type { WorkerDeps } from './run-worker.ts';
import { graceMs, listenForStop, signalExitCode } from './stopping.ts';

/** Told from here: built, other modules may lie in a folder of chunks. */
const PLACES = {
  flowProcess: join(import.meta.dirname, `flow-process${extname(import.meta.filename)}`),
  ownPackage: join(import.meta.dirname, '..', '..'),
};

/** A flow's process comes up beside the worker's own start; it runs nothing before the attempt is claimed. */
async function main(env: WorkerEnv, command: readonly string[]): Promise<number> {
  const ahead = command.length === 0 ? forkFlow(PLACES.flowProcess) : undefined;
  try {
    return await claimAndRun(env, command, ahead === undefined ? {} : { ahead });
  } finally {
    // Of a flow that ran it has ended; of one that did not, it has to.
    ahead?.kill('SIGKILL');
  }
}

async function claimAndRun(
  env: WorkerEnv,
  command: readonly string[],
  flow: Pick<WorkerDeps, 'ahead'>,
): Promise<number> {
  const stopping = listenForStop(process);
  const loading = Promise.all([import('./open-stores.ts'), import('./run-worker.ts')]);
  const log = createLog(env.logLevel, process.stderr, idsOf(env), adviceOnDenial);
  let taskArn: string;
  try {
    taskArn = await findTaskArn(env.metadataUri, systemClock, stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) return signalExitCode(stopping.by());
    log.error('worker.task-unknown', { error: `the task metadata endpoint does not answer: ${describeError(error)}` });
    return UNAVAILABLE;
  }
  const [{ openStores }, { runWorker }] = await loading;
  const stores = openStores(env, taskArn, systemClock);
  const unwanted = new AbortController();
  try {
    return await runWorker(env, taskArn, command, {
      ...stores,
      files: fetchAhead(stores.files, env.artifactS3Uri, unwanted.signal),
      ...PLACES,
      ...flow,
      clock: systemClock,
      log,
      stopping,
      graceMs: graceMs(env.stopTimeoutMs),
      stdout: process.stdout,
      stderr: process.stderr,
    });
  } finally {
    unwanted.abort();
  }
}

function idsOf({ runId, attempt, flow, correlationId }: WorkerEnv): LogFacts {
  return { runId, attempt, flow, ...(correlationId === undefined ? {} : { correlationId }) };
}

// The run goes on, and on record, when nobody reads its output any more.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
silenceSdkWarning();
const env = readWorkerEnv();
if (env.ok) {
  process.exitCode = await main(env.value, process.argv.slice(2));
} else {
  for (const fault of env.error) process.stderr.write(`slipway-worker: ${fault}\n`);
  process.exitCode = MISCONFIGURED;
}
