import type { QueuedRun } from '../run.ts';
import type { ScheduleState } from './schedule-state.ts';

/** The record of schedules' states, in one table with the runs. */
export interface ScheduleStore {
  /** The states that there are, by id (a strongly consistent read). */
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, ScheduleState>>;
  /** Every state on record. */
  all(): AsyncIterable<readonly ScheduleState[]>;
  /** Puts a first state on record unless there is one; either way resolves to the state on record. */
  create(state: ScheduleState): Promise<ScheduleState>;
  /**
   * Carries out each change wholly or not at all: the state moves and its runs are on record, or nothing has happened.
   * Resolves to the outcome of each, in order.
   */
  commit(changes: readonly ScheduleChange[]): Promise<readonly CommitOutcome[]>;
  /** Takes the state of a schedule that is no more off the record; whether it was as expected. */
  remove(state: ScheduleState): Promise<boolean>;
}

/** A decision about one schedule. */
export interface ScheduleChange {
  /** As it was read. */
  readonly from: ScheduleState;
  /** Its version is one higher. */
  readonly to: ScheduleState;
  /** Put on record with it; one that is there already stays as it is. */
  readonly runs: readonly QueuedRun[];
}

/** `lost`: somebody else has changed the state since it was read. */
export type CommitOutcome = 'done' | 'lost';
