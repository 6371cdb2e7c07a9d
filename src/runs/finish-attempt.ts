import { budgetOf, retryDelayMs } from '../core/decide-retry.ts';
import type { Json } from '../core/json.ts';
import { nextFacts } from '../core/next-facts.ts';
import type { ObservedTask } from '../core/observation.ts';
import type { AttemptRecord, FinishedRun, InFlightRun, QueuedRun, RunFacts } from '../core/run.ts';
import { slotsToTake } from '../core/slots.ts';
import type { Verdict } from '../core/verdict.ts';

export interface FinishContext {
  readonly now: number;
  readonly by: string;
  /** From 0 to 1, for the retry's jitter. */
  readonly random: number;
}

/** The record that follows an attempt's end: the run's own end, or QUEUED with the next attempt. Pure. */
export function finishAttempt(
  run: InFlightRun,
  verdict: Verdict,
  seen: ObservedTask | undefined,
  { now, by, random }: FinishContext,
): FinishedRun | QueuedRun {
  const delayMs = run.cancel ? undefined : retryDelayMs(verdict, run.attempts, run.intent.policy, random);
  const ended = attemptRecord(run, verdict, seen, now);
  if (delayMs === undefined) return finishedRun({ ...run, attempts: [...run.attempts, ended] }, verdict, now, by);
  const budget = budgetOf(verdict, run.intent.policy);
  const attempts = [...run.attempts, budget === undefined ? ended : { ...ended, retriedAs: budget }];
  const facts: RunFacts = { ...run, attempts, attempt: run.attempt + 1 };
  return {
    ...nextFacts(facts, 'QUEUED', now, by, verdict.reason),
    status: 'QUEUED',
    notBefore: now + delayMs,
    placement: 0,
    waiting: verdict.reason,
    ...slotsToTake(run),
  };
}

/** The end of a run that has no task: refused, cancelled or expired while it was queued. */
export function finishQueued(run: QueuedRun, verdict: Verdict, now: number, by: string): FinishedRun {
  return {
    ...nextFacts(run, verdict.status, now, by, verdict.reason),
    status: verdict.status,
    finishedAt: now,
    reason: verdict.reason,
  };
}

function finishedRun(run: InFlightRun, verdict: Verdict, now: number, by: string): FinishedRun {
  return {
    ...nextFacts(run, verdict.status, now, by, verdict.reason),
    status: verdict.status,
    finishedAt: now,
    reason: verdict.reason,
    intent: run.intent,
    ...(run.status === 'LAUNCHING' ? {} : { task: run.task }),
    ...(run.status === 'RUNNING' ? { startedAt: run.startedAt } : {}),
    ...(run.status === 'RUNNING' && run.result ? { result: run.result } : {}),
    ...(verdict.exitCode === undefined ? {} : { exitCode: verdict.exitCode }),
  };
}

function attemptRecord(
  run: InFlightRun,
  verdict: Verdict,
  seen: ObservedTask | undefined,
  finishedAt: number,
): AttemptRecord {
  return {
    attempt: run.attempt,
    ...(run.intent.flowVersion === undefined ? {} : { flowVersion: run.intent.flowVersion }),
    status: verdict.status,
    taskDefinition: run.intent.request.taskDefinition,
    container: run.intent.container,
    ...(run.intent.adjusted === undefined ? {} : { adjusted: run.intent.adjusted }),
    ...(run.status === 'LAUNCHING' ? {} : { taskArn: run.task.taskArn, launchedAt: run.task.launchedAt }),
    ...startOf(run, seen),
    finishedAt,
    ...(verdict.exitCode === undefined ? {} : { exitCode: verdict.exitCode }),
    reason: verdict.reason,
    ...(seen === undefined ? {} : { observation: observationJson(seen) }),
  };
}

/** A plain container may be over before anybody has seen it run; a worker that has claimed nothing has begun nothing. */
function startOf(run: InFlightRun, seen: ObservedTask | undefined): Pick<AttemptRecord, 'startedAt'> {
  if (run.status === 'RUNNING') return { startedAt: run.startedAt };
  return run.intent.worker || seen?.startedAt === undefined ? {} : { startedAt: seen.startedAt };
}

function observationJson(seen: ObservedTask): Json {
  return JSON.parse(JSON.stringify(seen));
}
