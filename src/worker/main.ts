/**
 * The worker: what the container of a worker flow runs.
 *
 *   node dist/worker/main.js [command args…]
 *
 *   SLIPWAY_* ─> env ─┬─> metadata endpoint ─> task ARN ─┐
 *                     └─> SDK ─────────────> store, files ┴─> claim ── refused ──> exit 0
 *                                                              │
 *                                  command | flow module in a process of its own
 *                                                              │
 *                                                   final record ─> exit code of the program
 */
import { extname, join } from 'node:path';
import { systemClock } from '../service/clock.ts';
import { createLog, describeError } from '../service/log.ts';
import { readWorkerEnv, silenceSdkWarning, type WorkerEnv } from './env.ts';
import { findTaskArn } from './find-task-arn.ts';
import { MISCONFIGURED, runWorker, UNAVAILABLE } from './run-worker.ts';
import { graceMs, listenForStop, signalExitCode } from './stopping.ts';

async function main(env: WorkerEnv, command: readonly string[]): Promise<number> {
  const { runId, attempt, flow, correlationId } = env;
  const ids = { runId, attempt, flow, ...(correlationId === undefined ? {} : { correlationId }) };
  const log = createLog(env.logLevel, process.stderr, ids);
  const stopping = listenForStop(process);
  const loading = import('./open-stores.ts');
  let taskArn: string;
  try {
    taskArn = await findTaskArn(env.metadataUri, systemClock, stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) return signalExitCode(stopping.by());
    log.error('worker.task-unknown', { error: `the task metadata endpoint does not answer: ${describeError(error)}` });
    return UNAVAILABLE;
  }
  const { openStores } = await loading;
  return runWorker(env, taskArn, command, {
    ...openStores(env, taskArn),
    clock: systemClock,
    log,
    stopping,
    graceMs: graceMs(env.stopTimeoutMs),
    stdout: process.stdout,
    stderr: process.stderr,
    flowProcess: join(import.meta.dirname, `flow-process${extname(import.meta.filename)}`),
  });
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
