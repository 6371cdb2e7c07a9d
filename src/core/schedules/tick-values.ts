/** Of the tick that made a run: what `{{ tick.… }}` stands for. Dates are those of the schedule's own time zone. */
export interface TickValues {
  /** `2026-10-01` */
  readonly date: string;
  /** ISO 8601, in UTC. */
  readonly time: string;
  /** Of the tick before, whether it made a run or not; there where the schedule asks for it. */
  readonly previous?: { readonly date: string; readonly time: string };
}

/** A tick as the record of its run keeps it. Epoch milliseconds. */
export interface RunTick {
  /** The id of its schedule. */
  readonly schedule: string;
  readonly at: number;
  readonly timezone: string;
  readonly previousAt?: number;
}

/** The values of a tick. */
export function tickValuesOf({ at, timezone, previousAt }: RunTick): TickValues {
  const values = { date: dateIn(timezone, at), time: isoSeconds(at) };
  if (previousAt === undefined) return values;
  return { ...values, previous: { date: dateIn(timezone, previousAt), time: isoSeconds(previousAt) } };
}

/** `2026-10-01T06:00:00Z`: ticks have no fractions of a second. */
export function isoSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dateIn(timezone: string, at: number): string {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timezone, format);
  return format.format(at);
}
