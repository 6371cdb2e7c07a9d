import { isFinished } from '../core/run.ts';
import type { RunArchive } from '../core/run-archive.ts';
import type { RunStore } from '../core/run-store.ts';

export interface ForgetDeps {
  readonly store: RunStore;
  readonly archive: RunArchive;
  readonly now: () => number;
}

const DAY_MS = 86_400_000;

/** DynamoDB deletes what has come to its end "within a few days" (Developer Guide, "Time to Live"): it is given these. */
const TIME_TO_LIVE_LAG_MS = 4 * DAY_MS;

/** Runs are looked for so far back, and beyond each one that is found: a flow of once a year has its run found, too. */
export const LOOK_BACK_MS = 400 * DAY_MS;

const PAGE = 100;

export interface ForgetWish {
  readonly retentionMs: number;
  readonly lookBackMs: number;
}

/**
 * Takes off the record what DynamoDB's time to live does not: runs that ended before they were given an end, because nobody
 * had asked for one then, or because a program wrote their end that knows nothing of it. Runs that have not ended stay,
 * however old they are. Resolves to how many went.
 */
export async function forgetOldRuns(deps: ForgetDeps, wish: ForgetWish, stop: AbortSignal): Promise<number> {
  let until = deps.now() - wish.retentionMs - TIME_TO_LIVE_LAG_MS;
  let count = 0;
  for (let hasFound = true; hasFound; until -= wish.lookBackMs) {
    const found = await forgetBetween(deps, until - wish.lookBackMs, until, stop);
    count += found.forgotten;
    hasFound = found.seen > 0;
  }
  return count;
}

async function forgetBetween({ store, archive }: ForgetDeps, since: number, until: number, stop: AbortSignal) {
  let seen = 0;
  let forgotten = 0;
  let cursor: string | undefined;
  do {
    const page = await store.list({ since, until, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const run of page.runs) {
      stop.throwIfAborted();
      seen += 1;
      if (!isFinished(run) || run.finishedAt >= until) continue;
      await archive.forget(run.runId);
      forgotten += 1;
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { seen, forgotten };
}
