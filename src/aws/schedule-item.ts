import type { ScheduleState } from '../core/schedules/schedule-state.ts';
import { isoTime } from './run-item.ts';

/** Under this key the index of days lists the schedules: no day has its name. */
export const SCHEDULES_KEY = 'SCHEDULE';

/**
 * A schedule's state as a DynamoDB item: the record as JSON text, as for runs, and beside it what people look for and what
 * conditions ask about.
 */
export interface ScheduleItem {
  readonly PK: string;
  readonly SK: 'SCHEDULE';
  readonly version: number;
  readonly definition: string;
  readonly decidedUntil: string;
  readonly record: string;
  readonly dayKey: typeof SCHEDULES_KEY;
  readonly timeKey: string;
}

export function scheduleKey(id: string): { PK: string; SK: 'SCHEDULE' } {
  return { PK: `SCHEDULE#${id}`, SK: 'SCHEDULE' };
}

export function toScheduleItem(state: ScheduleState): ScheduleItem {
  const { id, version, definition, cursor } = state;
  return {
    ...scheduleKey(id),
    version,
    definition,
    decidedUntil: isoTime(cursor),
    record: JSON.stringify(state),
    dayKey: SCHEDULES_KEY,
    timeKey: id,
  };
}

/** The state of an item; throws for an item that is no schedule's. */
export function fromScheduleItem({ PK, record }: Readonly<Record<string, unknown>>): ScheduleState {
  if (typeof record !== 'string') throw new Error(`item ${String(PK)} holds no schedule`);
  return JSON.parse(record) as ScheduleState;
}
