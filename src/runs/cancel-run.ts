import { cancelledVerdict } from '../core/cancelled-verdict.ts';
import { touched } from '../core/next-facts.ts';
import { type FlowRun, isFinished } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import { finishQueued } from './finish-attempt.ts';

export interface CancelWish {
  readonly runId: string;
  readonly by: string;
  readonly reason: string;
  readonly now: number;
}

/** So often is the wish written again when somebody else changes the run at the same moment. */
const MAX_TRIES = 10;

/**
 * Asks for a run's end. A queued run ends at once; one with a task ends when an agent has seen the task stop; a finished
 * run stays as it is. Resolves to the run as it is then, or undefined if there is none.
 */
export async function cancelRun(store: RunStore, wish: CancelWish): Promise<FlowRun | undefined> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const run = await store.get(wish.runId);
    if (run === undefined || isFinished(run) || run.cancel) return run;
    const changed = await store.move(run, cancelledFrom(run, wish));
    if (changed) return changed;
  }
  throw new Error(`run ${wish.runId} changes too fast to be cancelled: try again`);
}

function cancelledFrom(run: Exclude<FlowRun, { finishedAt: number }>, { by, reason, now }: CancelWish): FlowRun {
  const cancel = { by, reason, at: now };
  if (run.status !== 'QUEUED') return touched({ ...run, cancel });
  return finishQueued({ ...run, cancel }, cancelledVerdict(cancel), now, by);
}
