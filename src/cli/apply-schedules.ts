import type { Schedule } from '../core/schedules/schedule.ts';
import { ticksAfter } from '../core/schedules/timing.ts';
import { wordsOfExpression } from '../core/schedules/words-of-schedule.ts';
import { diffSchedules, registerDifference, type ScheduleDifference } from '../runs/register-schedules.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { openSchedules, type ScheduleFlags } from './open-schedules.ts';
import type { Style } from './terminal.ts';
import { UserError } from './user-error.ts';

export interface DiffFlags extends ScheduleFlags {
  readonly output: string;
}

export interface ApplyFlags extends DiffFlags {
  readonly prune: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

const DAY_MS = 86_400_000;

/** A schedule that makes more runs a day is asked about: mostly a star stands in the wrong field. */
const MANY_A_DAY = 60;

/** Prints how the record of schedules differs from the files. */
export async function diffApplied(flags: DiffFlags, context: CliContext): Promise<number> {
  const { schedules, store } = await openSchedules(flags, context);
  tellDifferences(await diffSchedules(store, schedules), flags, context);
  return EXIT.ok;
}

/** Puts the schedules of the files on record. Agents do the same when they read the files; this does it at once, and looks first. */
export async function applySchedules(flags: ApplyFlags, context: CliContext): Promise<number> {
  const { terminal, clock } = context;
  const { schedules, store } = await openSchedules(flags, context);
  const all = await diffSchedules(store, schedules);
  const differences = all.filter(({ kind }) => kind !== 'gone' || flags.prune);
  tellDifferences(differences, flags, context);
  const gone = all.length - differences.length;
  if (gone > 0) terminal.say(`${gone} on record and in no file; --prune forgets them`);
  refuseMany(differences, flags, clock.now());
  if (flags.dryRun) return EXIT.ok;
  const done = await Promise.all(differences.map((one) => registerDifference(store, one, clock.now())));
  const late = differences.filter((_, index) => !done[index]);
  if (late.length > 0)
    terminal.say(`decided by an agent meanwhile: ${late.map(({ id }) => id).join(', ')}; apply again`);
  terminal.say(`${differences.length - late.length} applied`);
  return EXIT.ok;
}

function refuseMany(differences: readonly ScheduleDifference[], { yes, dryRun }: ApplyFlags, now: number): void {
  if (yes || dryRun) return;
  const busy = differences
    .flatMap((one) => (one.kind === 'gone' ? [] : [one.schedule]))
    .filter((schedule) => isBusy(schedule, now));
  if (busy.length === 0) return;
  const words = busy.map(({ id, expression }) => `${id} (${wordsOfExpression(expression)})`).join(', ');
  throw new UserError(`more than ${MANY_A_DAY} runs a day: ${words}`, {
    exitCode: EXIT.usage,
    next: 'slipway schedules apply --yes   if that is meant',
  });
}

function isBusy(schedule: Schedule, now: number): boolean {
  let count = 0;
  for (const tick of ticksAfter(schedule, now)) {
    if (tick > now + DAY_MS || count > MANY_A_DAY) break;
    count += 1;
  }
  return count > MANY_A_DAY;
}

function tellDifferences(
  differences: readonly ScheduleDifference[],
  { output }: DiffFlags,
  { terminal }: CliContext,
): void {
  if (output === 'json') terminal.data(JSON.stringify(differences.map(viewOf), null, 2));
  else if (differences.length === 0) terminal.say('the record says what the files say');
  else terminal.data(differences.map((one) => lineOf(one, terminal.dataStyle)).join('\n'));
}

function viewOf(one: ScheduleDifference) {
  const before = one.kind === 'new' ? null : one.state.definition;
  const after = one.kind === 'gone' ? null : one.schedule.definition;
  return { schedule: one.id, change: one.kind, before, after };
}

function lineOf(one: ScheduleDifference, style: Style): string {
  switch (one.kind) {
    case 'new':
      return style('green', `+ ${one.id}  ${one.schedule.definition}`);
    case 'changed':
      return style('yellow', `~ ${one.id}  ${one.state.definition}  →  ${one.schedule.definition}`);
    case 'gone':
      return style('red', `- ${one.id}  ${one.state.definition}`);
    default:
      return one satisfies never;
  }
}
