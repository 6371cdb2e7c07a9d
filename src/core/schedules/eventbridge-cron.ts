import { err, ok, type Result } from '../result.ts';

/** Fields of EventBridge's `cron(…)` in the words of five-field cron, and its years if it names any. */
export interface TranslatedCron {
  readonly fields: readonly string[];
  readonly years?: string;
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Order, limits and names (EventBridge Scheduler user guide, "Schedule types", cron-based schedules). */
const MINUTE = { name: 'minute', least: 0, most: 59 };
const HOUR = { name: 'hour', least: 0, most: 23 };
const DAY = { name: 'day of month', least: 1, most: 31 };
const MONTH = { name: 'month', least: 1, most: 12, names: MONTHS };
const WEEKDAY = { name: 'day of week', least: 1, most: 7, names: WEEKDAYS };
const YEAR = { name: 'year', least: 1970, most: 2199 };

/** The days of its week are 1 to 7 from Sunday; those of cron 0 to 6. */
const FIRST_WEEKDAY = 1;

/**
 * Translates what stands inside EventBridge's `cron(…)`: minute, hour, day of month, month, day of week and, where it is
 * given, year. Exactly one of the two days is `?`, as there.
 */
export function translateEventBridgeCron(inside: string): Result<TranslatedCron, string> {
  const given = inside.trim().split(/\s+/).filter(Boolean);
  const [minute = '', hour = '', day = '', month = '', weekday = '', year] = given;
  if (given.length < 5 || given.length > 6)
    return err(
      `cron(…) takes 6 fields: minute, hour, day of month, month, day of week, year; here are ${given.length}`,
    );
  if ((day === '?') === (weekday === '?'))
    return err('in cron(…), day of month or day of week has to be "?", and not both of them');
  const read = [
    translateField(minute, MINUTE),
    translateField(hour, HOUR),
    day === '?' ? ok('*') : translateField(day, DAY, dayWord),
    translateField(month, MONTH),
    weekday === '?' ? ok('*') : translateField(weekday, WEEKDAY, weekdayWord),
    year === undefined ? ok('*') : translateField(year, YEAR),
  ];
  const faults = read.flatMap((field) => (field.ok ? [] : [field.error]));
  if (faults.length > 0) return err(faults.join('; '));
  const fields = read.flatMap((field) => (field.ok ? [field.value] : []));
  const years = fields.pop() ?? '*';
  return ok(years === '*' ? { fields } : { fields, years });
}

type Word = (item: string) => string | undefined;

/** A field's items; `special` knows the words that are no range. */
function translateField(text: string, field: Field, special: Word = () => undefined): Result<string, string> {
  const items = text.split(',').map((item) => special(item.toUpperCase()) ?? rangeItem(item.toUpperCase(), field));
  return items.every((item) => item !== undefined)
    ? ok(items.join(','))
    : err(`"${text}" is no ${field.name} of cron(…), which takes ${field.least} to ${field.most}`);
}

/** `*`, `5`, `5-10`, each with `/step`. A range may go over the end: hours `20-2` are 20 to 23 and 0 to 2. */
function rangeItem(item: string, field: Field): string | undefined {
  const [, range = '', step] = /^([^/]+)(?:\/([1-9]\d?))?$/.exec(item) ?? [];
  if (range === '') return undefined;
  if (range === '*') return step === undefined ? '*' : `*/${step}`;
  const ends = endsOf(range, step !== undefined, field);
  return ends === undefined ? undefined : rangeText(...ends, Number(step ?? 1), field);
}

/** The first and the last value; a single one with a step goes to the end of its field. */
function endsOf(range: string, isStepped: boolean, field: Field): [number, number] | undefined {
  const [first = '', last, ...more] = range.split('-');
  const from = numberOf(first, field);
  const to = last === undefined ? (isStepped ? field.most : from) : numberOf(last, field);
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  // Years do not begin anew after the last one.
  return from > to && field === YEAR ? undefined : [from, to];
}

function rangeText(from: number, to: number, step: number, field: Field): string {
  const shift = field === WEEKDAY ? FIRST_WEEKDAY : 0;
  if (from > to) return wrapped(from, to, step, field).join(',');
  if (from === to) return String(from - shift);
  const steps = step === 1 ? '' : `/${step}`;
  const isWhole = from === field.least && to === field.most;
  return isWhole ? `*${steps}` : `${from - shift}-${to - shift}${steps}`;
}

/** The values of a range that goes over the end of its field. */
function wrapped(from: number, to: number, step: number, field: Field): readonly number[] {
  const size = field.most - field.least + 1;
  const shift = field === WEEKDAY ? FIRST_WEEKDAY : 0;
  const values: number[] = [];
  for (let value = from; value <= to + size; value += step) {
    values.push((value > field.most ? value - size : value) - shift);
  }
  return values;
}

function numberOf(text: string, { least, most, names = [] }: Field): number | undefined {
  const index = names.indexOf(text);
  if (index >= 0) return index + 1;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** `L`: the last day. `LW`: the last weekday. `15W`: the weekday nearest to the 15th. */
function dayWord(item: string): string | undefined {
  return /^(?:L|LW|(?:[1-9]|[12]\d|3[01])W)$/.test(item) ? item : undefined;
}

/** `6L`: the month's last Friday. `6#3`: its third one. `L`: Saturday, the last day of the week. */
function weekdayWord(item: string): string | undefined {
  if (item === 'L') return '6';
  const [, day = '', rest = ''] = /^([1-7]|[A-Z]{3})(L|#[1-5])$/.exec(item) ?? [];
  const number = numberOf(day, WEEKDAY);
  if (number === undefined) return undefined;
  return `${number - FIRST_WEEKDAY}${rest === 'L' ? '#L' : rest}`;
}
