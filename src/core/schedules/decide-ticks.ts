import type { DueTicks } from './due-ticks.ts';
import type { Schedule } from './schedule.ts';
import { type ScheduleState, type SkippedTicks, type SkipReason, withSkip } from './schedule-state.ts';

/** What a look at a schedule is decided by. */
export interface TickFacts {
  readonly schedule: Schedule;
  readonly state: ScheduleState;
  /** Ticks since the state's cursor that nobody was there for: at least those that `catchUp` may still want. */
  readonly missed: DueTicks;
  /** Ticks that are due now. */
  readonly onTime: readonly number[];
  readonly now: number;
  /** Those of `state.live` that have not ended. */
  readonly unfinished: readonly string[];
  /** The id of the run that a tick makes. */
  readonly runIdOf: (tick: number) => string;
}

/** What follows: the next state, if there is one, and the ticks that make a run, to be put on record together. */
export interface TickDecision {
  readonly state?: ScheduleState;
  readonly fire: readonly number[];
  /** Those that make none. */
  readonly skipped: readonly SkippedTicks[];
  /** Runs that have to end before the waiting tick makes its own. Asked for once the state is on record. */
  readonly cancel: readonly string[];
}

/** A tick older than this was missed: nobody was there when it was due. */
export const MISSED_AFTER_MS = 60_000;

/** Ticks of one schedule that may wait for their turn. */
const MAX_WAITING = 100;

/** Decides about every due tick of a schedule, and about those that wait. Pure. */
export function decideTicks(facts: TickFacts): TickDecision {
  const { state, unfinished } = facts;
  const draft = new Draft(facts);
  if (state.pause === undefined) {
    draft.fireWaiting();
    takeDue(draft, facts);
  } else {
    draft.skipAll('PAUSED', facts.missed);
    for (const tick of facts.onTime) draft.skip('PAUSED', tick);
  }
  return {
    ...(draft.hasChanged ? { state: draft.state() } : {}),
    fire: draft.fire,
    skipped: draft.skipped,
    cancel: draft.isCancelling ? unfinished : [],
  };
}

/** What `catchUp` leaves out is skipped; the others meet the overlap rule one by one, in order. */
function takeDue(draft: Draft, { schedule, missed, onTime }: TickFacts): void {
  const { older, newest } = missed;
  const left = newest.length - caughtUpOf(schedule, newest.length, onTime.length > 0);
  draft.skipAll('MISSED', { newest: newest.slice(0, left), ...(older ? { older } : {}) });
  for (const tick of [...newest.slice(left), ...onTime]) draft.take(tick);
}

/** How many of the missed ticks still make a run. With `latest`, one that is due now is the latest. */
function caughtUpOf({ catchUp }: Schedule, missed: number, isDueNow: boolean): number {
  switch (catchUp.kind) {
    case 'none':
      return 0;
    case 'latest':
      return isDueNow ? 0 : Math.min(missed, 1);
    case 'all':
      return Math.min(missed, catchUp.max);
    default:
      return catchUp satisfies never;
  }
}

/** The state while it is being decided. */
class Draft {
  readonly #facts: TickFacts;
  readonly fire: number[] = [];
  skipped: readonly SkippedTicks[] = [];
  #waiting: readonly number[];
  #skips: ScheduleState['skips'];
  hasChanged = false;

  constructor(facts: TickFacts) {
    this.#facts = facts;
    this.#waiting = facts.state.waiting;
    this.#skips = facts.state.skips;
  }

  get isCancelling(): boolean {
    const { schedule, state } = this.#facts;
    return schedule.overlap === 'cancel-running' && this.#waiting.length > 0 && state.pause === undefined;
  }

  get #isBusy(): boolean {
    return this.#facts.unfinished.length > 0 || this.fire.length > 0 || this.#waiting.length > 0;
  }

  /** The first waiting tick makes its run once no earlier one is under way. */
  fireWaiting(): void {
    const [first, ...rest] = this.#waiting;
    if (first === undefined || this.#facts.unfinished.length > 0) return;
    this.#waiting = rest;
    this.#start(first);
  }

  take(tick: number): void {
    const { overlap } = this.#facts.schedule;
    if (overlap === 'allow' || !this.#isBusy) this.#start(tick);
    else if (overlap === 'skip') this.skip('OVERLAP', tick);
    else if (overlap === 'queue') this.#queue(tick);
    else this.#replaceWaiting(tick);
  }

  skipAll(reason: SkipReason, { older, newest }: DueTicks): void {
    if (older) this.skip(reason, older.from, older.to, older.count);
    for (const tick of newest) this.skip(reason, tick);
  }

  skip(reason: SkipReason, from: number, to = from, count = 1): void {
    const skip = { reason, from, to, count, at: this.#facts.now };
    const lastFired = this.fire.at(-1) ?? this.#facts.state.last?.tick;
    this.#skips = withSkip(this.#skips, skip, lastFired);
    this.skipped = withSkip(this.skipped, skip, lastFired);
    this.hasChanged = true;
  }

  state(): ScheduleState {
    const { schedule, state, missed, onTime, now, unfinished, runIdOf } = this.#facts;
    const newest = this.fire.at(-1);
    return {
      ...state,
      version: state.version + 1,
      definition: schedule.definition,
      cursor: Math.max(state.cursor, onTime.at(-1) ?? missed.newest.at(-1) ?? 0),
      live: schedule.overlap === 'allow' ? [] : [...unfinished, ...this.fire.map(runIdOf)],
      waiting: this.#waiting,
      skips: this.#skips,
      ...(newest === undefined ? {} : { last: { tick: newest, runId: runIdOf(newest), at: now } }),
    };
  }

  #queue(tick: number): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.skip('QUEUE_FULL', tick);
    } else {
      this.#waiting = [...this.#waiting, tick];
      this.hasChanged = true;
    }
  }

  #replaceWaiting(tick: number): void {
    for (const waiting of this.#waiting) this.skip('SUPERSEDED', waiting);
    this.#waiting = [tick];
    this.hasChanged = true;
  }

  #start(tick: number): void {
    this.fire.push(tick);
    this.hasChanged = true;
  }
}
