import { type Timing, ticksAfter } from './timing.ts';

/** The ticks of a stretch of time: the newest ones, and how many there are before those. */
export interface DueTicks {
  /** Oldest first. */
  readonly newest: readonly number[];
  readonly older?: OlderTicks;
}

export interface OlderTicks {
  readonly from: number;
  readonly to: number;
  /** Counted no further than {@link COUNTED}. */
  readonly count: number;
}

/** After an outage of months a schedule of every minute has hundreds of thousands of ticks: nobody counts so far, and counting holds up the others. */
export const COUNTED = 1_000;

const FIRST_LOOK_MS = 120_000;

/** The ticks after `after` until `until` (included), the newest `limit` of them. */
export function dueTicks(timing: Timing, after: number, until: number, limit: number): DueTicks {
  const newest = newestTicks(timing, after, until, limit);
  const [first] = newest;
  const older = first === undefined ? undefined : olderThan(timing, after, first);
  return older === undefined ? { newest } : { newest, older };
}

/** The tick before this moment; undefined for the first one, and where it is more than a century back. */
export function previousTick(timing: Timing, tick: number): number | undefined {
  const century = 100 * 366 * 86_400_000;
  return newestTicks(timing, Math.max(tick - century, timing.startAt ?? Number.NEGATIVE_INFINITY) - 1, tick - 1, 1)[0];
}

/** Looks back from the end in growing steps: after any outage the work is bounded by the limit, not by the outage. */
function newestTicks(timing: Timing, after: number, until: number, limit: number): readonly number[] {
  for (let lookMs = FIRST_LOOK_MS; ; lookMs *= 4) {
    const from = Math.max(after, until - lookMs);
    const found = ticksBetween(timing, from, until);
    if (found.length >= limit || from <= after) return found.slice(-limit);
  }
}

function ticksBetween(timing: Timing, after: number, until: number): readonly number[] {
  const ticks: number[] = [];
  for (const tick of ticksAfter(timing, after)) {
    if (tick > until) break;
    ticks.push(tick);
  }
  return ticks;
}

function olderThan(timing: Timing, after: number, before: number): OlderTicks | undefined {
  let count = 0;
  let from = before;
  let to = before;
  for (const tick of ticksAfter(timing, after)) {
    if (tick >= before || count === COUNTED) break;
    from = count === 0 ? tick : from;
    to = tick;
    count += 1;
  }
  return count === 0 ? undefined : { from, to: count === COUNTED ? before - 1 : to, count };
}
