import type { Json } from '../core/json.ts';
import { detailsUntil } from '../core/retention.ts';
import type { RunningRun } from '../core/run.ts';
import type { RunDetailStore } from '../core/run-details.ts';
import type { RunStore } from '../core/run-store.ts';
import { describeError, type Log } from '../service/log.ts';
import { type ClaimOutcome, claimAttempt } from './claim-attempt.ts';
import { type Ending, failed, maskedEnding } from './ending.ts';
import { secretValues, type WorkerEnv } from './env.ts';
import { MISCONFIGURED, UNAVAILABLE } from './exit-codes.ts';
import { keepHeartbeat } from './keep-heartbeat.ts';
import { keepOutput } from './keep-output.ts';
import { keepTraceback } from './keep-traceback.ts';
import { OwnStopping } from './own-stopping.ts';
import { type DetailDeps, DetailRecorder } from './record-details.ts';
import { recordEnd } from './record-end.ts';
import { type ProgramDeps, runProgram } from './run-program.ts';
import { secretMask } from './secret-mask.ts';
import { signalExitCode } from './stopping.ts';

type Secrecy = Pick<ProgramDeps, 'mask' | 'secretNames'>;

export interface WorkerDeps extends Omit<ProgramDeps, 'recorder' | keyof Secrecy> {
  readonly store: RunStore;
  readonly details: RunDetailStore;
}

/** Claims, runs, records: all that a container does. Resolves to the exit code, which mirrors the program's. */
export async function runWorker(
  env: WorkerEnv,
  taskArn: string,
  command: readonly string[],
  deps: WorkerDeps,
): Promise<number> {
  const { clock, log, stopping } = deps;
  const own = { runId: env.runId, attempt: env.attempt, taskArn };
  const claim = await claimAttempt({ ...deps, stop: stopping.signal }, own);
  if (claim.kind !== 'claimed') return endUnclaimed(claim, env, deps);
  log.info('worker.claimed', { taskArn });
  const began = clock.monotonic();
  const { secretNames = [] } = claim.run.intent;
  const mask = secretMask(secretValues(secretNames));
  const keptUntil = () => detailsUntil(claim.run.intent, clock.now());
  const said = await runClaimed(env, taskArn, command, { ...deps, mask, secretNames, keptUntil });
  const { ending, output } = await withOutput(maskedEnding(said, mask), claim.run, env, deps);
  // A success that could not be recorded still exits with 0: the run is then CRASHED for want of a record, not FAILED.
  const isRecorded = await recordEnd(deps, own, ending, { output, traceback: await keepTraceback(env, ending, deps) });
  logEnd(log, ending, clock.monotonic() - began, isRecorded);
  return exitCodeOf(ending);
}

/** The program between claim and last word: with signs of life, and with its steps and reports on record when it has ended. */
async function runClaimed(
  env: WorkerEnv,
  taskArn: string,
  command: readonly string[],
  deps: WorkerDeps & Secrecy & Required<Pick<DetailDeps, 'keptUntil'>>,
): Promise<Ending> {
  const { bucket, runId, attempt } = env;
  const ended = new AbortController();
  const stopping = new OwnStopping(deps.stopping);
  const recorder = new DetailRecorder({ ...deps, bucket, runId, attempt });
  // Also while the program is asked to stop: as long as user code may run, no other attempt may begin.
  const beating = keepHeartbeat({ ...deps, stopping }, { runId, attempt, taskArn }, ended.signal);
  const ending = await runProgram(env, command, { ...deps, stopping, recorder });
  ended.abort();
  await Promise.all([beating, recorder.close()]);
  return ending;
}

/** Says why nothing was run. A refusal is as it should be: another task has the attempt, or nobody wants it any more. */
function endUnclaimed(
  claim: Exclude<ClaimOutcome, { kind: 'claimed' }>,
  { runId, table }: WorkerEnv,
  { log, stopping }: Pick<WorkerDeps, 'log' | 'stopping'>,
): number {
  switch (claim.kind) {
    case 'refused':
      log.info('worker.refused', { evidence: claim.reason });
      return 0;
    case 'interrupted':
      log.info('worker.interrupted', { signal: stopping.by() });
      return signalExitCode(stopping.by());
    case 'not-on-record':
      log.error('worker.run-not-found', {
        error: `run ${runId} is not in table ${table}: is SLIPWAY_TABLE the agent's?`,
      });
      return MISCONFIGURED;
    case 'denied':
      log.error('worker.store-denied', {
        error: `${describeError(claim.error)}; the task role needs dynamodb:GetItem, PutItem and BatchWriteItem on table ${table}`,
      });
      return MISCONFIGURED;
    case 'unavailable':
      log.error('worker.store-unavailable', { error: describeError(claim.error) });
      return UNAVAILABLE;
    default:
      return claim satisfies never;
  }
}

/** What goes on record; a success whose result cannot be kept is none. */
async function withOutput(
  ending: Ending,
  run: RunningRun,
  { bucket }: WorkerEnv,
  { files }: WorkerDeps,
): Promise<{ readonly ending: Ending; readonly output?: Json }> {
  if (ending.kind !== 'succeeded' || ending.json === undefined) return { ending };
  const kept = await keepOutput(files, bucket, run, ending.json);
  return kept.ok ? { ending, output: kept.value } : { ending: failed(kept.error) };
}

function logEnd(log: Log, ending: Ending, tookMs: number, isRecorded: boolean): void {
  const ms = Math.round(tookMs);
  if (ending.kind === 'succeeded') log.info('worker.succeeded', { ms });
  else log.warn(`worker.${ending.kind}`, { ms, error: ending.message, evidence: `exit ${ending.exitCode}` });
  if (!isRecorded) log.error('worker.not-recorded', { error: 'this end of the program is not on record' });
}

function exitCodeOf(ending: Ending): number {
  return ending.kind === 'succeeded' ? 0 : ending.exitCode;
}
