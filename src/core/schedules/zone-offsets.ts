/** A stretch of time in which a zone's clocks keep one distance from UTC. Epoch milliseconds, the end excluded. */
export interface OffsetStretch {
  readonly from: number;
  readonly until: number;
  /** Local time less UTC. */
  readonly offsetMs: number;
}

const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;

/** Whether the text names a zone of the IANA database. Bare offsets such as `+02:00` name none: they know no summer time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The names of the zones, for whoever has misspelt one. */
export function timeZoneNames(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')];
}

/** When the clocks of a zone change. Years are looked through once, when they are first asked for. */
export class ZoneOffsets {
  static readonly #known = new Map<string, ZoneOffsets>();
  readonly #format: Intl.DateTimeFormat;
  readonly #years = new Map<number, readonly OffsetStretch[]>();

  private constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** Throws a RangeError for a zone that {@link isTimeZone} does not know. */
  static of(zone: string): ZoneOffsets {
    const known = ZoneOffsets.#known.get(zone) ?? new ZoneOffsets(zone);
    ZoneOffsets.#known.set(zone, known);
    return known;
  }

  /** The stretch that the moment lies in. One that goes on over a new year (UTC) is cut there. */
  stretchAt(at: number): OffsetStretch {
    const year = new Date(at).getUTCFullYear();
    const stretch = this.#year(year).find(({ until }) => at < until);
    if (stretch === undefined) throw new RangeError(`${at} is no moment of the year ${year}`);
    return stretch;
  }

  /**
   * The instant at which clocks show a local time, which is given as if it were UTC: the first of two, and where clocks
   * jump over it, the first one after the jump.
   */
  instantOf(local: number): number {
    // No clock is further from UTC than 26 hours, so that the search begins before the time wherever it is.
    let stretch = this.stretchAt(local - 26 * 3_600_000);
    while (local - stretch.offsetMs >= stretch.until) stretch = this.stretchAt(stretch.until);
    return Math.max(local - stretch.offsetMs, stretch.from);
  }

  #year(year: number): readonly OffsetStretch[] {
    const known = this.#years.get(year);
    if (known) return known;
    const stretches = this.#look(Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));
    this.#years.set(year, stretches);
    return stretches;
  }

  /** Looks at every day: no zone has changed its clocks twice within one. */
  #look(begin: number, end: number): readonly OffsetStretch[] {
    const stretches: OffsetStretch[] = [];
    let from = begin;
    let offsetMs = this.#offsetAt(begin);
    for (let day = begin; day < end; day += DAY_MS) {
      const after = this.#offsetAt(day + DAY_MS);
      if (after === offsetMs) continue;
      const change = this.#change(day, day + DAY_MS, offsetMs);
      if (change >= end) break;
      stretches.push({ from, until: change, offsetMs });
      from = change;
      offsetMs = after;
    }
    return [...stretches, { from, until: end, offsetMs }];
  }

  /** The first second that has another offset than `before`, which the end of the interval has. */
  #change(from: number, until: number, before: number): number {
    let low = from;
    let high = until;
    while (high - low > SECOND_MS) {
      const middle = low + Math.floor((high - low) / 2 / SECOND_MS) * SECOND_MS;
      if (this.#offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    return high;
  }

  #offsetAt(at: number): number {
    const shown: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of this.#format.formatToParts(at)) shown[type] = value;
    const number = (type: Intl.DateTimeFormatPartTypes): number => Number(shown[type]);
    const local = Date.UTC(
      number('year'),
      number('month') - 1,
      number('day'),
      number('hour'),
      number('minute'),
      number('second'),
    );
    return local - at;
  }
}
