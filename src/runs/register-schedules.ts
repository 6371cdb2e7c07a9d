import type { Schedule } from '../core/schedules/schedule.ts';
import { newScheduleState, type ScheduleState } from '../core/schedules/schedule-state.ts';
import type { ScheduleStore } from '../core/schedules/schedule-store.ts';
import { withDefinition } from './decide-schedules.ts';

/** How the record differs from the files. */
export type ScheduleDifference =
  | { readonly kind: 'new'; readonly id: string; readonly schedule: Schedule }
  | { readonly kind: 'changed'; readonly id: string; readonly schedule: Schedule; readonly state: ScheduleState }
  /** On record, and in no file. */
  | { readonly kind: 'gone'; readonly id: string; readonly state: ScheduleState };

/** Compares the schedules of the files with the record; what is the same is left out. */
export async function diffSchedules(
  store: ScheduleStore,
  schedules: readonly Schedule[],
): Promise<readonly ScheduleDifference[]> {
  const states = new Map<string, ScheduleState>();
  for await (const page of store.all()) for (const state of page) states.set(state.id, state);
  const ids = new Set(schedules.map(({ id }) => id));
  const named = schedules.flatMap((schedule): ScheduleDifference[] => {
    const { id, definition } = schedule;
    const state = states.get(id);
    if (state === undefined) return [{ kind: 'new', id, schedule }];
    return state.definition === definition ? [] : [{ kind: 'changed', id, schedule, state }];
  });
  const gone = [...states.values()].filter(({ id }) => !ids.has(id));
  return [...named, ...gone.map((state): ScheduleDifference => ({ kind: 'gone', id: state.id, state }))];
}

/**
 * Puts a difference on record, as an agent does when it reads the files: a new schedule is due from now on, a changed one
 * under its new definition. A gone one is forgotten, its pause with it. False if somebody else was faster.
 */
export async function registerDifference(
  store: ScheduleStore,
  difference: ScheduleDifference,
  now: number,
): Promise<boolean> {
  switch (difference.kind) {
    case 'new':
      await store.create(newScheduleState(difference.id, difference.schedule.definition, now));
      return true;
    case 'changed': {
      const { state: from, schedule } = difference;
      const to = { ...withDefinition(from, schedule, now), version: from.version + 1 };
      return (await store.commit([{ from, to, runs: [] }]))[0] === 'done';
    }
    case 'gone':
      return store.remove(difference.state);
    default:
      return difference satisfies never;
  }
}
