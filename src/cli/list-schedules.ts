import type { Schedule } from '../core/schedules/schedule.ts';
import { type ScheduleState, SKIP_WORDS, type SkippedTicks } from '../core/schedules/schedule-state.ts';
import { isoSeconds } from '../core/schedules/tick-values.ts';
import { nextTick } from '../core/schedules/timing.ts';
import { wordsOfExpression } from '../core/schedules/words-of-schedule.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { openSchedules, type ScheduleFlags, statesOf } from './open-schedules.ts';
import { tableText } from './print-table.ts';
import { shortIdOf } from './run-id.ts';
import type { Style } from './terminal.ts';
import { zonedText } from './zoned-time.ts';

export interface ListSchedulesFlags extends ScheduleFlags {
  readonly flow?: string | undefined;
  readonly output: string;
}

/** Prints every schedule with its next fire, its last one, and what was left out and why. */
export async function listSchedules(flags: ListSchedulesFlags, context: CliContext): Promise<number> {
  const { terminal, clock } = context;
  const { schedules: all, store } = await openSchedules(flags, context);
  const schedules = all.filter(({ flow }) => flags.flow === undefined || flow === flags.flow);
  const states = await statesOf(store, schedules);
  const views = schedules.map((schedule) => viewOf(schedule, states.get(schedule.id), clock.now()));
  if (flags.output === 'json') terminal.data(JSON.stringify(views, null, 2));
  else if (views.length === 0) terminal.say('no flow has a schedule');
  else terminal.data(textOf(views, terminal.dataStyle));
  return EXIT.ok;
}

type ScheduleView = ReturnType<typeof viewOf>;

function viewOf(schedule: Schedule, state: ScheduleState | undefined, now: number) {
  const { id, flow, name, expression, timezone, catchUp, overlap, enabled } = schedule;
  const next =
    enabled && state?.pause === undefined ? nextTick(schedule, Math.max(now, state?.cursor ?? 0)) : undefined;
  return {
    schedule: id,
    flow,
    name,
    expression: expression.text,
    words: wordsOfExpression(expression),
    timezone,
    catchUp: catchUp.kind === 'all' ? `all (max ${catchUp.max})` : catchUp.kind,
    overlap,
    status: statusOf(schedule, state, next),
    next: next === undefined ? null : isoSeconds(next),
    nextLocal: next === undefined ? null : zonedText(next, timezone),
    pause: state?.pause === undefined ? null : { ...state.pause, at: isoSeconds(state.pause.at) },
    last: state?.last === undefined ? null : { tick: isoSeconds(state.last.tick), runId: state.last.runId },
    waiting: state?.waiting.map(isoSeconds) ?? [],
    skips: state?.skips.map(skipView) ?? [],
  };
}

function statusOf({ enabled }: Schedule, state: ScheduleState | undefined, next: number | undefined): string {
  if (!enabled) return 'not enabled';
  if (state?.pause) return 'paused';
  if (next === undefined) return 'over';
  return state === undefined ? 'not seen by an agent yet' : 'on';
}

function skipView({ reason, from, to, count, at }: SkippedTicks) {
  return { reason, why: SKIP_WORDS[reason], from: isoSeconds(from), to: isoSeconds(to), count, at: isoSeconds(at) };
}

function textOf(views: readonly ScheduleView[], style: Style): string {
  const titles = ['SCHEDULE', 'DUE', 'STATUS', 'NEXT', 'LAST RUN'].map((title) => style('dim', title));
  const rows = views.map(({ schedule, words, timezone, status, nextLocal, last }) => [
    schedule,
    `${words} (${timezone})`,
    status === 'on' ? style('green', status) : style('yellow', status),
    nextLocal ?? '',
    last === null ? '' : `${shortIdOf(last.runId)} of ${last.tick}`,
  ]);
  const notes = views.flatMap((view) => notesOf(view).map((note) => `${style('dim', view.schedule)}  ${note}`));
  return [tableText([titles, ...rows]), ...notes].join('\n');
}

/** What a person should know of a schedule besides its line. */
function notesOf({ pause, waiting, skips }: ScheduleView): readonly string[] {
  const [skip] = skips;
  const stretch = skip === undefined || skip.count === 1 ? '' : ` to ${skip.to}`;
  return [
    ...(pause === null ? [] : [`paused by ${pause.by} at ${pause.at}: ${pause.reason}`]),
    ...(waiting.length === 0 ? [] : [`waiting for an earlier run to end: ${waiting.join(', ')}`]),
    ...(skip === undefined ? [] : [`left out ${skip.count}: ${skip.from}${stretch}; ${skip.why}`]),
  ];
}
