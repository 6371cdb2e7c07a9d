import { cancelledVerdict } from './cancelled-verdict.ts';
import type { ObservedContainer, ObservedTask } from './observation.ts';
import type { CancelRequest, WorkerResult } from './run.ts';
import { STOP_CODES, STOP_REASONS } from './stop-reasons.ts';
import type { Verdict } from './verdict.ts';

/** What we know of an attempt whose task has stopped. */
export interface EndedAttempt {
  /** The one container whose end counts. */
  readonly container: string;
  readonly worker: boolean;
  /** Whether a worker has claimed the attempt: before that no user code runs. */
  readonly claimed: boolean;
  readonly result: WorkerResult | undefined;
  readonly cancel: CancelRequest | undefined;
  /** What was decided when we asked ECS to stop the task. */
  readonly stopping: Verdict | undefined;
}

/**
 * What a stopped task means. Success needs positive evidence: exit code 0 of the named container and, for a worker flow,
 * the worker's final record; whatever is not known is no success.
 */
export function judgeStop(attempt: EndedAttempt, task: ObservedTask): Verdict {
  const main = task.containers.find(({ name }) => name === attempt.container);
  const evidence = [evidenceOf(task, main), tracebackOf(attempt.result)].filter(Boolean).join('\n');
  if (!isSuccess(attempt, main)) {
    if (attempt.cancel) return withExitCode(cancelledVerdict(attempt.cancel, evidence), main);
    if (attempt.stopping) return withExitCode(attempt.stopping, main);
  }
  if (main?.exitCode === 0) return judgeExitZero(attempt, evidence);
  return (
    judgeByWords(task, main, evidence) ?? judgeExitCode(attempt, main, evidence) ?? judgeNoExitCode(task, evidence)
  );
}

function isSuccess(attempt: EndedAttempt, main: ObservedContainer | undefined): boolean {
  return main?.exitCode === 0 && (!attempt.worker || attempt.result?.status === 'SUCCEEDED');
}

function judgeExitZero(attempt: EndedAttempt, evidence: string): Verdict {
  const { worker, result } = attempt;
  if (!worker || result?.status === 'SUCCEEDED') {
    const message = worker ? 'The worker finished and exited with 0.' : 'Exit code 0.';
    return { status: 'SUCCEEDED', reason: { code: 'SUCCEEDED', message, evidence }, retry: 'never', exitCode: 0 };
  }
  if (result === undefined) return silentWorker(attempt, 0, evidence);
  const message = result.message ?? 'The flow said that it failed.';
  return { status: 'FAILED', reason: { code: 'FLOW_FAILED', message, evidence }, retry: 'flow', exitCode: 0 };
}

/** A worker that ended without a word. Until it has claimed the attempt no user code runs, so another attempt is harmless. */
function silentWorker({ claimed }: EndedAttempt, exitCode: number, evidence: string): Verdict {
  const message = claimed
    ? `The worker exited with ${exitCode} and left no final record: how far the flow came is not known.`
    : `The worker exited with ${exitCode} before it had claimed the attempt: the flow did not run.`;
  const reason = { code: 'NO_FINAL_RECORD', message, evidence } as const;
  return { status: 'CRASHED', reason, retry: claimed ? 'flow' : 'infrastructure', exitCode };
}

/** The texts first, since a stop code such as EssentialContainerExited says less than the container's own reason. */
function judgeByWords(task: ObservedTask, main: ObservedContainer | undefined, evidence: string): Verdict | undefined {
  const words = `${task.stoppedReason ?? ''}\n${main?.reason ?? ''}`;
  const found = STOP_REASONS.find(({ match }) => match.test(words)) ?? ownValue(STOP_CODES, task.stopCode);
  if (!found) return undefined;
  const { code, status, retry, message } = found;
  return withExitCode({ status, reason: { code, message, evidence }, retry }, main);
}

function judgeExitCode(
  attempt: EndedAttempt,
  main: ObservedContainer | undefined,
  evidence: string,
): Verdict | undefined {
  const { worker, result } = attempt;
  const exitCode = main?.exitCode;
  if (exitCode === undefined) return undefined;
  if (exitCode === 137 && result === undefined) {
    const message = 'The container was killed (exit code 137), and nobody here asked for it.';
    return { status: 'CRASHED', reason: { code: 'KILLED', message, evidence }, retry: 'flow', exitCode };
  }
  if (worker && result === undefined) return silentWorker(attempt, exitCode, evidence);
  if (result?.status === 'FAILED') {
    const message = result.message ?? `The flow failed with exit code ${exitCode}.`;
    return { status: 'FAILED', reason: { code: 'FLOW_FAILED', message, evidence }, retry: 'flow', exitCode };
  }
  const message = `Exit code ${exitCode}.`;
  return { status: 'FAILED', reason: { code: 'EXIT_CODE', message, evidence }, retry: 'flow', exitCode };
}

function judgeNoExitCode(task: ObservedTask, evidence: string): Verdict {
  if (task.stopCode === 'EssentialContainerExited') {
    const message = 'The task ended, and ECS tells no exit code of the main container.';
    return { status: 'CRASHED', reason: { code: 'NO_EXIT_CODE', message, evidence }, retry: 'never' };
  }
  const message = 'The task stopped for a reason that is not known here.';
  return { status: 'CRASHED', reason: { code: 'UNKNOWN_STOP', message, evidence }, retry: 'never' };
}

function evidenceOf(task: ObservedTask, main: ObservedContainer | undefined): string {
  const container = main && [main.exitCode === undefined ? undefined : `exit ${main.exitCode}`, main.reason];
  return [
    task.stopCode,
    task.stoppedReason && `"${task.stoppedReason}"`,
    container && `container ${main.name}: ${container.filter(Boolean).join(' ') || 'no exit code'}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Beside ECS's words, the program's own. */
function tracebackOf(result: WorkerResult | undefined): string | undefined {
  if (result?.traceback === undefined) return undefined;
  const { head, s3Uri } = result.traceback;
  return s3Uri === undefined ? head : `${head}\nwhole stack: ${s3Uri}`;
}

function withExitCode(verdict: Omit<Verdict, 'exitCode'>, main: ObservedContainer | undefined): Verdict {
  return main?.exitCode === undefined ? verdict : { ...verdict, exitCode: main.exitCode };
}

function ownValue<T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
