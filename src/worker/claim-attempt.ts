import { isAwsError } from '../aws/call-error.ts';
import { claimStart } from '../core/claim-start.ts';
import type { FlowRun, RunningRun } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';
import { backOff } from './backoff.ts';

export interface ClaimDeps {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly stop: AbortSignal;
}

export interface AttemptOfTask {
  readonly runId: string;
  readonly attempt: number;
  readonly taskArn: string;
}

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly run: RunningRun }
  /** No user code may run here; nothing is wrong with that. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'not-on-record' }
  /** The store answers, but not us: repeating the call cannot help. */
  | { readonly kind: 'denied'; readonly error: unknown }
  | { readonly kind: 'unavailable'; readonly error: unknown }
  | { readonly kind: 'interrupted' };

/** A worker gives up what it cannot do without, after so many milliseconds of trying. */
export const GIVE_UP_AFTER_MS = 120_000;

/** Claims the attempt for this task. Nothing of the user's may run before this has said `claimed`. */
export async function claimAttempt(deps: ClaimDeps, wish: AttemptOfTask): Promise<ClaimOutcome> {
  const { clock, log, stop } = deps;
  const giveUpAt = clock.monotonic() + GIVE_UP_AFTER_MS;
  const sent = new Set<number>();
  for (let tries = 1; !stop.aborted; tries += 1) {
    const outcome = await tryOnce(deps, wish, sent);
    if (outcome === 'lost-race') continue;
    if (outcome.kind !== 'unavailable' || clock.monotonic() >= giveUpAt) return outcome;
    if (tries === 1) log.warn('worker.store-unavailable', { error: describeError(outcome.error) });
    await backOff(clock, tries, stop);
  }
  return { kind: 'interrupted' };
}

async function tryOnce(deps: ClaimDeps, wish: AttemptOfTask, sent: Set<number>): Promise<ClaimOutcome | 'lost-race'> {
  try {
    return await claimOnce(deps, wish, sent);
  } catch (error) {
    return isDenial(error) ? { kind: 'denied', error } : { kind: 'unavailable', error };
  }
}

async function claimOnce(
  { store, clock }: ClaimDeps,
  wish: AttemptOfTask,
  sent: Set<number>,
): Promise<ClaimOutcome | 'lost-race'> {
  const run = await store.get(wish.runId);
  if (run === undefined) return { kind: 'not-on-record' };
  // A write whose answer never came may have arrived all the same.
  if (isOwnClaim(run, wish, sent)) return run.cancel ? cancelled(run.cancel.by) : { kind: 'claimed', run };
  const now = clock.now();
  const claim = claimStart(run, { ...wish, now });
  if (!claim.ok) return { kind: 'refused', reason: claim.error };
  sent.add(now);
  const claimed = await store.move(run, claim.value);
  return claimed === undefined ? 'lost-race' : { kind: 'claimed', run: claimed };
}

/** By the moment, too: a container that ECS restarts has the same task ARN, and must not run the attempt again. */
function isOwnClaim(run: FlowRun, { attempt, taskArn }: AttemptOfTask, sent: ReadonlySet<number>): run is RunningRun {
  return (
    run.status === 'RUNNING' &&
    run.attempt === attempt &&
    run.claim !== undefined &&
    run.claim.taskArn === taskArn &&
    sent.has(run.claim.at)
  );
}

function cancelled(by: string): ClaimOutcome {
  return { kind: 'refused', reason: `the run was cancelled by ${by}` };
}

function isDenial(error: unknown): boolean {
  return isAwsError(error, 'AccessDeniedException', 'ResourceNotFoundException', 'ValidationException');
}
