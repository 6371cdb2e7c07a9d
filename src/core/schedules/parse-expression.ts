import type { Fault } from '../fault.ts';
import { err, ok, type Result } from '../result.ts';
import { type CronPattern, compileCron } from './cron-pattern.ts';
import { translateEventBridgeCron } from './eventbridge-cron.ts';
import { wordsOfCron } from './words-of-cron.ts';

/** When a schedule is due, as its author wrote it and as it was understood. */
export type Expression =
  | (CronPattern & { readonly kind: 'cron'; readonly text: string })
  | { readonly kind: 'rate'; readonly text: string; readonly everyMs: number }
  /** `local` is the local time as if it were UTC, in milliseconds. */
  | { readonly kind: 'at'; readonly text: string; readonly local: number };

const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const FIELD_NAMES = ['minute', 'hour', 'day of month', 'month', 'day of week'];
const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads five-field cron, `@daily` and its kin, `rate(…)`, `at(…)` and EventBridge's `cron(…)`. What can be read in two
 * ways is a fault that shows both.
 */
export function parseExpression(text: string): Result<Expression, Fault> {
  const trimmed = text.trim();
  const [, word, inside = ''] = /^(cron|rate|at)\s*\((.*)\)$/i.exec(trimmed) ?? [];
  switch (word?.toLowerCase()) {
    case 'cron':
      return parseEventBridge(trimmed, inside);
    case 'rate':
      return parseRate(trimmed, inside);
    case 'at':
      return parseAt(trimmed, inside);
    default:
      return parseFields(trimmed);
  }
}

function parseFields(text: string): Result<Expression, Fault> {
  const written = NICKNAMES[text.toLowerCase()] ?? text;
  const given = written.split(/\s+/).filter(Boolean);
  if (given.length === 6) return err(bareSixFields(text));
  if (given.length !== 5) {
    const hint = 'write minute hour day month weekday, @daily, rate(5 minutes), at(2026-12-24T18:00:00) or cron(…)';
    return err({ message: `"${text}" is no schedule: cron takes 5 fields, here are ${given.length}`, hint });
  }
  // croner would read `?` as what the clock shows at this moment.
  const fields = given.map((field) => field.replaceAll('?', '*'));
  const compiled = compileCron(fields);
  return compiled.ok ? ok({ kind: 'cron', text, ...compiled.value }) : err(fieldFault(text, fields, compiled.error));
}

/** Says which field it is that croner does not take. */
function fieldFault(text: string, fields: readonly string[], why: string): Fault {
  const wrong = fields.findIndex((field, at) => !compileCron(fields.map((_, i) => (i === at ? field : '*'))).ok);
  const column = wrong < 0 ? 0 : columnOf(text, wrong);
  const where = wrong < 0 ? '' : `, field ${wrong + 1} (${FIELD_NAMES[wrong]}), character ${column}`;
  return { message: `"${text}"${where}: ${why}` };
}

/** Where a field begins, counted from 1. */
function columnOf(text: string, index: number): number {
  return ([...text.matchAll(/\S+/g)][index]?.index ?? 0) + 1;
}

/** Tools disagree on six fields: some begin with seconds, EventBridge ends with years. */
function bareSixFields(text: string): Fault {
  const fields = text.split(/\s+/);
  const seconds = wordsOfCron(text.replaceAll('?', '*'));
  const translated = translateEventBridgeCron(text);
  const years = translated.ok ? wordsOfCron([...translated.value.fields].join(' ')) : undefined;
  return {
    message:
      `"${text}" has 6 fields, which mean two things: ` +
      `with seconds first, ${seconds ?? 'nothing'}; with EventBridge's year last, ${years ?? 'nothing'}`,
    hint: `write "${fields.slice(1).join(' ')}" for the first, "cron(${text})" for the second`,
  };
}

function parseEventBridge(text: string, inside: string): Result<Expression, Fault> {
  const translated = translateEventBridgeCron(inside);
  if (!translated.ok) return err({ message: `"${text}": ${translated.error}` });
  const compiled = compileCron(translated.value.fields, translated.value.years);
  return compiled.ok
    ? ok({ kind: 'cron', text, ...compiled.value })
    : err({ message: `"${text}", which is "${translated.value.fields.join(' ')}" in five fields: ${compiled.error}` });
}

function parseRate(text: string, inside: string): Result<Expression, Fault> {
  const [, amount, unit = ''] = /^\s*([1-9]\d{0,5})\s+(minute|hour|day)s?\s*$/i.exec(inside) ?? [];
  const unitMs = UNITS[unit.toLowerCase()];
  if (amount === undefined || unitMs === undefined)
    return err({ message: `"${text}" is no rate`, hint: 'write rate(5 minutes), rate(1 hour) or rate(7 days)' });
  return ok({ kind: 'rate', text, everyMs: Number(amount) * unitMs });
}

function parseAt(text: string, inside: string): Result<Expression, Fault> {
  const local = parseLocalTime(inside.trim());
  if (local === undefined)
    return err({
      message: `"${text}" is no moment`,
      hint: 'write at(2026-12-24T18:00:00), in the time zone of the schedule',
    });
  return ok({ kind: 'at', text, local });
}

/** `2026-12-24`, `2026-12-24T18:00` or `2026-12-24T18:00:00` as if it were UTC, in milliseconds. */
export function parseLocalTime(text: string): number | undefined {
  const [, date = '', time = 'T00:00'] = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2})?)?$/.exec(text) ?? [];
  const at = Date.parse(`${date}${time}Z`);
  // Date.parse takes February 30 for March 2.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date ? undefined : at;
}
