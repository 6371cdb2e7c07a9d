/** A length of time in words: `500ms`, `30s`, `10m`, `2h`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h'}`;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A timer of Node ends at once when it is told to wait for longer (Node docs, `setTimeout`). */
const MAX_MS = 2 ** 31 - 1;

/** Milliseconds; undefined for what is no duration, or longer than a timer can wait (24 days). */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const ms = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  return ms <= MAX_MS ? Math.round(ms) : undefined;
}
