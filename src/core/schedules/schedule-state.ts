/** What is known of a schedule beside its definition: one record, which changes as a whole. Times are epoch milliseconds. */
export interface ScheduleState {
  readonly id: string;
  /** Grows by one with every write; a write that expects another version is refused. */
  readonly version: number;
  /** See `Schedule.definition`: by which definition the last decision was made. */
  readonly definition: string;
  /** Every tick until here is decided. Only moves forward. */
  readonly cursor: number;
  /** Runs that an overlap is judged by: those not known to have ended when the last decision was made. */
  readonly live: readonly string[];
  /** Ticks whose runs wait for the end of an earlier one, oldest first. */
  readonly waiting: readonly number[];
  readonly pause?: Pause;
  /** The newest tick that has made a run. */
  readonly last?: FiredTick;
  /** Stretches of ticks that have made none, the newest first. */
  readonly skips: readonly SkippedTicks[];
}

export interface Pause {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

export interface FiredTick {
  readonly tick: number;
  readonly runId: string;
  /** When it was decided. */
  readonly at: number;
}

/** Ticks, one after the other, that made no run for the same reason. */
export interface SkippedTicks {
  readonly reason: SkipReason;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** When the last of them was decided. */
  readonly at: number;
}

export type SkipReason = keyof typeof SKIP_WORDS;

/** Why a tick made no run, in words. */
export const SKIP_WORDS = {
  MISSED: 'no agent was there, and catchUp leaves it out',
  OVERLAP: 'an earlier run had not ended',
  SUPERSEDED: 'a newer tick took its place while it waited',
  QUEUE_FULL: 'too many ticks waited already',
  PAUSED: 'the schedule was paused',
} as const;

/** Stretches of skips that are kept. */
const KEPT_SKIPS = 10;

/** The state of a schedule that is seen for the first time: it is due from now on. */
export function newScheduleState(id: string, definition: string, now: number): ScheduleState {
  return { id, version: 1, definition, cursor: now, live: [], waiting: [], skips: [] };
}

/** Adds a skip; to the newest stretch if it goes on with it: no tick in between has made a run, the last one `lastFired`. */
export function withSkip(
  skips: readonly SkippedTicks[],
  skip: SkippedTicks,
  lastFired: number | undefined,
): readonly SkippedTicks[] {
  const [newest, ...older] = skips;
  const goesOn = newest !== undefined && newest.to < skip.from && (lastFired === undefined || lastFired < newest.from);
  if (goesOn && newest.reason === skip.reason) {
    return [{ ...skip, from: newest.from, count: newest.count + skip.count }, ...older];
  }
  return [skip, ...skips].slice(0, KEPT_SKIPS);
}
