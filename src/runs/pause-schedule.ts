import type { Pause, ScheduleState } from '../core/schedules/schedule-state.ts';
import type { ScheduleStore } from '../core/schedules/schedule-store.ts';

/** So often is a change written again when somebody else decides about the schedule at the same moment. */
const MAX_TRIES = 10;

/** Stops a schedule from making runs; who and why stay on record. One that is paused already stays as it is. */
export function pauseSchedule(store: ScheduleStore, first: ScheduleState, pause: Pause): Promise<ScheduleState> {
  return change(store, first, (state) => (state.pause === undefined ? { ...state, pause } : state));
}

/** Lets a schedule go on from `now`: what was due during the pause does not count as missed. */
export function resumeSchedule(store: ScheduleStore, first: ScheduleState, now: number): Promise<ScheduleState> {
  return change(store, first, ({ pause, ...state }) =>
    pause === undefined ? state : { ...state, cursor: Math.max(state.cursor, now) },
  );
}

/** `first` is put on record if there is nothing about the schedule yet. */
async function change(
  store: ScheduleStore,
  first: ScheduleState,
  next: (state: ScheduleState) => ScheduleState,
): Promise<ScheduleState> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const from = await store.create(first);
    const to = { ...next(from), version: from.version + 1 };
    const [outcome] = await store.commit([{ from, to, runs: [] }]);
    if (outcome === 'done') return to;
  }
  throw new Error(`schedule ${first.id} changes too fast: try again`);
}
