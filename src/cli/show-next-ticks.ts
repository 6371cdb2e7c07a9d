import { didYouMean } from '../core/did-you-mean.ts';
import { type Expression, parseExpression } from '../core/schedules/parse-expression.ts';
import { isoSeconds } from '../core/schedules/tick-values.ts';
import { type Timing, ticksAfter } from '../core/schedules/timing.ts';
import { wordsOfExpression } from '../core/schedules/words-of-schedule.ts';
import { isTimeZone, timeZoneNames } from '../core/schedules/zone-offsets.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { openWorkspace } from './open-launch.ts';
import { findSchedule, type ScheduleFlags, schedulesOf } from './open-schedules.ts';
import type { Terminal } from './terminal.ts';
import { FaultsError, usageError } from './user-error.ts';
import { zonedText } from './zoned-time.ts';

export interface NextFlags extends ScheduleFlags {
  readonly schedule: string;
  readonly count: number;
  readonly from?: string | undefined;
  readonly output: string;
}

/** Prints when a schedule of the files is due next; asks no table. */
export async function showNextTicks(flags: NextFlags, context: CliContext): Promise<number> {
  const schedule = findSchedule(schedulesOf(await openWorkspace(flags, context)), flags.schedule);
  return printTicks(schedule, flags, context);
}

export interface PreviewFlags {
  readonly expression: string;
  readonly timezone: string;
  readonly count: number;
  readonly from?: string | undefined;
  readonly output: string;
}

/** Prints what an expression that nobody has saved yet means, in words and in moments. */
export async function previewExpression(flags: PreviewFlags, context: CliContext): Promise<number> {
  const { timezone } = flags;
  if (!isTimeZone(timezone)) {
    const near = didYouMean(timezone, timeZoneNames());
    throw usageError(`there is no time zone "${timezone}"${near === undefined ? '' : `; did you mean "${near}"?`}`);
  }
  const expression = parseExpression(flags.expression);
  if (!expression.ok) throw new FaultsError('no schedule', [expression.error], { exitCode: EXIT.config });
  return printTicks({ expression: expression.value, timezone }, flags, context);
}

function printTicks(
  timing: Timing,
  { count, from, output }: Pick<NextFlags, 'count' | 'from' | 'output'>,
  { terminal, clock }: CliContext,
): number {
  if (!(Number.isInteger(count) && count > 0)) throw usageError('-n takes a whole number from 1 on');
  const after = from === undefined ? clock.now() : Date.parse(from);
  if (Number.isNaN(after)) throw usageError(`--from takes a moment in ISO 8601, not "${from}"`);
  const ticks = firstTicks(timing, after, count);
  if (output === 'json') terminal.data(JSON.stringify(viewOf(timing, ticks), null, 2));
  else tell(timing, ticks, terminal);
  if (ticks.length < count) terminal.say(ticks.length === 0 ? 'no tick is left' : 'no further tick');
  return EXIT.ok;
}

function firstTicks(timing: Timing, after: number, count: number): readonly number[] {
  const ticks: number[] = [];
  for (const tick of ticksAfter(timing, after)) {
    ticks.push(tick);
    if (ticks.length === count) break;
  }
  return ticks;
}

function viewOf({ expression, timezone }: Timing, ticks: readonly number[]) {
  return {
    expression: expression.text,
    words: wordsOfExpression(expression),
    timezone,
    cron: cronOf(expression),
    next: ticks.map((tick) => ({ tick: isoSeconds(tick), local: zonedText(tick, timezone) })),
  };
}

function tell({ expression, timezone }: Timing, ticks: readonly number[], terminal: Terminal): void {
  terminal.say(`${expression.text} in ${timezone}: ${wordsOfExpression(expression)}`);
  const cron = cronOf(expression);
  if (cron !== null && cron !== expression.text) terminal.say(`as cron: ${cron}`);
  for (const tick of ticks) terminal.data(`${zonedText(tick, timezone)}   ${isoSeconds(tick)}`);
}

/** What croner is given: for EventBridge's words their translation, with seconds and years if it names years. */
function cronOf(expression: Expression): string | null {
  return expression.kind === 'cron' ? expression.pattern : null;
}
