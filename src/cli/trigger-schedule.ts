import { needsOfRun } from '../agent/needs-of-run.ts';
import { derivedRunId } from '../core/run-identity.ts';
import { isoSeconds } from '../core/schedules/tick-values.ts';
import { tickRun } from '../runs/tick-run.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { findSchedule, openSchedules, type ScheduleFlags } from './open-schedules.ts';
import { shortIdOf } from './run-id.ts';
import { usageError } from './user-error.ts';

export interface TriggerFlags extends ScheduleFlags {
  readonly schedule: string;
  readonly tick?: string | undefined;
  readonly output: string;
}

/**
 * Makes a run now as the schedule would, for a tick of one's choice. The schedule itself is not touched: its own ticks come
 * all the same, and `overlap` asks nobody.
 */
export async function triggerSchedule(flags: TriggerFlags, context: CliContext): Promise<number> {
  const { terminal, clock, env } = context;
  const now = clock.now();
  const tick = flags.tick === undefined ? now - (now % 1000) : Date.parse(flags.tick);
  if (Number.isNaN(tick)) throw usageError(`--tick takes a moment in ISO 8601, not "${flags.tick}"`);
  const { schedules, runs, workspace } = await openSchedules(flags, context);
  const schedule = findSchedule(schedules, flags.schedule);
  const runId = derivedRunId('tick', 'trigger', schedule.id, String(now));
  const by = env.user ?? 'cli';
  const { run } = await runs.accept(tickRun(schedule, tick, { now, by, runId, needsOf: needsOfRun(() => workspace) }));
  if (flags.output === 'json') terminal.data(JSON.stringify({ runId: run.runId, tick: isoSeconds(tick) }, null, 2));
  else if (!terminal.isInteractive) terminal.data(run.runId);
  terminal.say(`queued ${shortIdOf(run.runId)}  ${schedule.id}, as of ${isoSeconds(tick)}`);
  terminal.say(`  next: slipway logs -f ${shortIdOf(run.runId)}`);
  return EXIT.ok;
}
