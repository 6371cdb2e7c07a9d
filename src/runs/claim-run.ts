import { touched } from '../core/next-facts.ts';
import type { LaunchingRun, QueuedRun } from '../core/run.ts';
import type { ClaimOutcome, RunStore } from '../core/run-store.ts';
import { type FullSlot, limitReached } from '../core/slots.ts';
import type { LeakedSlots } from './free-leaked-slots.ts';
import { type PlannedLaunch, withQueueTimeout } from './plan.ts';

export interface ClaimDeps {
  readonly store: RunStore;
  readonly leakedSlots: Pick<LeakedSlots, 'free'>;
}

/**
 * QUEUED → LAUNCHING with the slots of the intent. Without a place the run stays as it is, with the limit on record that it
 * waits for; no attempt is used up. Resolves to undefined when somebody else has moved it meanwhile.
 */
export async function claimRun(
  deps: ClaimDeps,
  run: QueuedRun,
  launching: LaunchingRun,
  planned: Pick<PlannedLaunch, 'queueTimeoutMs'>,
): Promise<LaunchingRun | QueuedRun | undefined> {
  const outcome = await claimOrFree(deps, run, launching);
  switch (outcome.kind) {
    case 'claimed':
      return outcome.run;
    case 'lost':
      return undefined;
    case 'full':
      return waitForSlot(
        deps,
        run,
        { ...withQueueTimeout(run, planned), slots: launching.intent.slots ?? [] },
        outcome.slot,
      );
    default:
      return outcome satisfies never;
  }
}

async function claimOrFree({ store, leakedSlots }: ClaimDeps, run: QueuedRun, to: LaunchingRun): Promise<ClaimOutcome> {
  const outcome = await store.claim(run, to);
  if (outcome.kind !== 'full' || (await leakedSlots.free(outcome.slot)) === 0) return outcome;
  return store.claim(run, to);
}

/** Written once for each limit: a run that waits for days must not be written at every look. */
async function waitForSlot(
  { store }: ClaimDeps,
  run: QueuedRun,
  found: QueuedRun,
  full: FullSlot,
): Promise<QueuedRun | undefined> {
  const waiting = limitReached(full);
  const isKnown = run.waiting?.code === waiting.code && run.waiting.message === waiting.message;
  const isSame = keysOf(run.slots) === keysOf(found.slots) && run.queueTimeoutMs === found.queueTimeoutMs;
  return isKnown && isSame ? run : store.move(run, { ...touched(found), waiting });
}

function keysOf(slots: QueuedRun['slots'] = []): string {
  return slots.map(({ key, limit }) => `${key} ${limit}`).join('\n');
}
