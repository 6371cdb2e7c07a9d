import { cancelledVerdict } from '../core/cancelled-verdict.ts';
import { nextFacts, touched } from '../core/next-facts.ts';
import type { CancelRequest, FlowRun, LaunchingRun } from '../core/run.ts';
import { slotsToTake } from '../core/slots.ts';
import { finishAttempt } from './finish-attempt.ts';
import { findTask, nextPlacement, recordTask, type SendDeps, sendLaunch } from './send-launch.ts';

export interface RecoverDeps extends SendDeps {
  readonly leaseMs: number;
}

/**
 * A token lives for the life of its task and an hour more, at most a day (ECS_Idempotency): a short task's token may be
 * gone an hour after the first call. For half of that time a repeat is safe without asking anything.
 */
export const TOKEN_TRUST_MS = 30 * 60_000;

/**
 * Brings an attempt on whose launch has come to no end: ours after an unclear answer, or one of an agent that is gone.
 * Within the token's time the same request goes out again. After it, or when ECS says that it has placed nothing, the task
 * is looked up. If there is none, the next placement follows where every sending was answered; where one was not, the
 * attempt is fenced: its worker can no longer claim it, and the next attempt may be launched.
 */
export async function recoverLaunch(
  deps: RecoverDeps,
  run: LaunchingRun,
  stop: AbortSignal,
): Promise<FlowRun | undefined> {
  const now = deps.now();
  if (run.unplaced && !run.cancel && now < run.unplaced.until) return undefined;
  if (!run.unplaced && !run.cancel && now - run.intent.createdAt < TOKEN_TRUST_MS) {
    const mine = await takeLease(deps, run);
    return mine === undefined ? undefined : sendLaunch(deps, mine, stop);
  }
  const taskArn = await findTask(deps, run, stop);
  return taskArn === undefined ? deps.store.move(run, withoutTask(deps, run)) : recordTask(deps, run, taskArn);
}

function withoutTask(deps: RecoverDeps, run: LaunchingRun): FlowRun {
  if (run.cancel) return cancelledRun(deps, run, run.cancel);
  return run.unplaced ? nextPlacement(deps, run, run.unplaced.reason, deps.now()) : fencedRun(deps, run);
}

/** The epoch tells a late answer to the former holder from an answer to us. */
function takeLease(deps: RecoverDeps, run: LaunchingRun): Promise<LaunchingRun | undefined> {
  const lease = {
    owner: deps.by,
    instance: deps.instance,
    epoch: run.lease.epoch + 1,
    until: deps.now() + deps.leaseMs,
  };
  return deps.store.move(run, { ...touched(run), lease });
}

function cancelledRun(deps: RecoverDeps, run: LaunchingRun, cancel: CancelRequest): FlowRun {
  return finishAttempt(run, cancelledVerdict(cancel), undefined, { now: deps.now(), by: deps.by, random: 0 });
}

function fencedRun(deps: RecoverDeps, run: LaunchingRun): FlowRun {
  const now = deps.now();
  const reason = {
    code: 'ATTEMPT_FENCED',
    message: 'Whether the launch had arrived could not be told after 30 minutes, and no task of it was found.',
  } as const;
  const ended = {
    attempt: run.attempt,
    ...(run.intent.flowVersion === undefined ? {} : { flowVersion: run.intent.flowVersion }),
    status: 'CRASHED',
    taskDefinition: run.intent.request.taskDefinition,
    container: run.intent.container,
    finishedAt: now,
    reason,
  } as const;
  const next = { ...run, attempt: run.attempt + 1, attempts: [...run.attempts, ended] };
  return {
    ...nextFacts(next, 'QUEUED', now, deps.by, reason),
    status: 'QUEUED',
    notBefore: now,
    placement: 0,
    waiting: reason,
    ...slotsToTake(run),
  };
}
