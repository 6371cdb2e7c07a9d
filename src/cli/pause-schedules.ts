import { newScheduleState, type ScheduleState } from '../core/schedules/schedule-state.ts';
import { isoSeconds } from '../core/schedules/tick-values.ts';
import { pauseSchedule, resumeSchedule } from '../runs/pause-schedule.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { findSchedule, openSchedules, type ScheduleFlags } from './open-schedules.ts';

export interface PauseFlags extends ScheduleFlags {
  readonly schedule: string;
  readonly reason?: string | undefined;
  readonly output: string;
}

/** Stops a schedule from making runs until it is resumed; who and why stay on record. */
export async function pauseOne(flags: PauseFlags, context: CliContext): Promise<number> {
  const { clock, env } = context;
  const { schedules, store } = await openSchedules(flags, context);
  const { id, definition } = findSchedule(schedules, flags.schedule);
  const pause = { by: env.user ?? 'cli', reason: flags.reason ?? 'no reason given', at: clock.now() };
  const state = await pauseSchedule(store, newScheduleState(id, definition, clock.now()), pause);
  const { by, reason, at } = state.pause ?? pause;
  tell(state, `paused by ${by} since ${isoSeconds(at)}: ${reason}.   slipway schedules resume ${id}`, flags, context);
  return EXIT.ok;
}

/** Lets a paused schedule go on: ticks of the pause are not caught up. */
export async function resumeOne(flags: PauseFlags, context: CliContext): Promise<number> {
  const { clock } = context;
  const { schedules, store } = await openSchedules(flags, context);
  const { id, definition } = findSchedule(schedules, flags.schedule);
  const before = (await store.getMany([id])).get(id)?.pause;
  const state = await resumeSchedule(store, newScheduleState(id, definition, clock.now()), clock.now());
  const words = before === undefined ? 'was not paused' : `goes on; ${before.by} had paused it: ${before.reason}`;
  tell(state, words, flags, context);
  return EXIT.ok;
}

function tell(state: ScheduleState, words: string, { output }: PauseFlags, { terminal }: CliContext): void {
  if (output === 'json') terminal.data(JSON.stringify({ schedule: state.id, pause: state.pause ?? null }, null, 2));
  terminal.say(`${state.id}: ${words}`);
}
