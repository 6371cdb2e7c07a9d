const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy;

/** `30s`, `15m`, `1h30m` in milliseconds; undefined for text that is none. A unit is always needed. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(PART)) ms += Number(amount) * (isUnit(unit) ? UNITS[unit] : 0);
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : undefined;
}

function isUnit(text: string | undefined): text is keyof typeof UNITS {
  return text !== undefined && Object.hasOwn(UNITS, text);
}

/** The shortest way to write it that {@link parseDuration} reads back: `15m`, `90s`. */
export function durationText(ms: number): string {
  const units = Object.entries(UNITS).toReversed();
  const [unit, size] = units.find(([, size]) => ms % size === 0) ?? ['ms', 1];
  return ms === 0 ? '0s' : `${ms / size}${unit}`;
}
