import { parseLocalTime } from '../core/schedules/parse-expression.ts';
import type { Schedule } from '../core/schedules/schedule.ts';
import { ticksAfter } from '../core/schedules/timing.ts';
import { ZoneOffsets } from '../core/schedules/zone-offsets.ts';
import { parseDuration } from '../templates/duration.ts';
import type { FlowDefinition } from '../templates/flow-definition.ts';
import { findSchedule } from './open-schedules.ts';
import { usageError } from './user-error.ts';

/** Which moments a backfill is about. */
export interface BackfillStretch {
  /** A day, a local time of the schedule's zone, or a moment in ISO 8601; the first one that counts. */
  readonly from: string;
  /** The same; the first one that does not count. */
  readonly to: string;
  readonly every?: string | undefined;
  readonly schedule?: string | undefined;
}

/** More ticks than this are no backfill but a mistake in a date. */
const MOST = 10_000;

/** The flow's schedule that a backfill follows; with `--every` one that comes so often and says what that schedule says. */
export function backfillSchedule({ flow, schedules }: FlowDefinition, stretch: BackfillStretch): Schedule {
  const chosen = stretch.schedule === undefined ? onlyOf(schedules) : findSchedule(schedules, stretch.schedule);
  if (stretch.every !== undefined) return everySchedule(chosen ?? bareSchedule(flow), stretch, stretch.every);
  if (chosen !== undefined) return chosen;
  throw usageError(
    `the flow "${flow}" has ${schedules.length === 0 ? 'no schedule' : 'several schedules'}`,
    schedules.length === 0
      ? 'give --every 1d'
      : `give --schedule with one of ${schedules.map(({ name }) => name).join(', ')}`,
  );
}

/** The ticks from `from` until `to`. */
export function backfillTicks(schedule: Schedule, { from, to }: BackfillStretch): readonly number[] {
  const { timezone } = schedule;
  const [begin, end] = [momentOf('--from', from, timezone), momentOf('--to', to, timezone)];
  if (begin >= end) throw usageError('--from has to be earlier than --to');
  const ticks: number[] = [];
  for (const tick of ticksAfter(schedule, begin - 1)) {
    if (tick >= end) break;
    ticks.push(tick);
    if (ticks.length > MOST) throw usageError(`more than ${MOST} runs: take a shorter stretch of time`);
  }
  return ticks;
}

function onlyOf(schedules: readonly Schedule[]): Schedule | undefined {
  return schedules.length === 1 ? schedules[0] : undefined;
}

function bareSchedule(flow: string): Omit<Schedule, 'expression' | 'definition'> {
  return {
    ...{ id: `${flow}/backfill`, flow, name: 'backfill', timezone: 'UTC', enabled: true, jitterMs: 0 },
    ...{ catchUp: { kind: 'none' }, overlap: 'allow', labels: [], parameters: {}, runConfig: {} },
  };
}

function everySchedule(
  like: Omit<Schedule, 'expression' | 'definition'>,
  { from }: BackfillStretch,
  every: string,
): Schedule {
  const everyMs = parseDuration(every);
  if (everyMs === undefined || everyMs < 1_000)
    throw usageError(`--every takes a duration such as 1d or 6h, not "${every}"`);
  const { startAt: _, endAt: __, ...rest } = { startAt: 0, endAt: 0, ...like };
  return {
    ...rest,
    expression: { kind: 'rate', text: `rate(${every})`, everyMs },
    definition: `every ${every}`,
    startAt: momentOf('--from', from, like.timezone),
  };
}

function momentOf(flag: string, text: string, timezone: string): number {
  const local = parseLocalTime(text);
  const at = local === undefined ? Date.parse(text) : ZoneOffsets.of(timezone).instantOf(local);
  if (Number.isNaN(at))
    throw usageError(`${flag} takes 2026-10-01, 2026-10-01T02:00 or a moment in ISO 8601, not "${text}"`);
  return at;
}
