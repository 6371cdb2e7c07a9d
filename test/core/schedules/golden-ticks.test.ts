import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/core/schedules/parse-expression.ts';
import { ticksAfter } from '../../../src/core/schedules/timing.ts';

/** Zone, expression, from, until, how many ticks, and their hash: see `make-ticks.py` beside the file. */
type GoldenRow = readonly [string, string, string, string, number, string];

const rows: readonly GoldenRow[] = JSON.parse(
  readFileSync(new URL('../../golden/schedules/ticks.json', import.meta.url), 'utf8'),
);

describe('the golden ticks, which Python has computed', () => {
  it('are more than 50 000, in 12 zones, over 10 years', () => {
    expect(rows.reduce((sum, [, , , , count]) => sum + count, 0)).toBeGreaterThan(50_000);
    expect(new Set(rows.map(([zone]) => zone)).size).toBe(12);
    expect(new Set(rows.map(([, , from]) => from.slice(0, 4))).size).toBeGreaterThanOrEqual(10);
  });

  it.each([...new Set(rows.map(([zone]) => zone))])('are ours in %s', (zone) => {
    const expected = rows.filter((row) => row[0] === zone);
    expect(expected.map(([, expression, from, until]) => ourRow(zone, expression, from, until))).toEqual(expected);
  });
});

function ourRow(timezone: string, text: string, from: string, until: string): GoldenRow {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const minutes: number[] = [];
  for (const tick of ticksAfter({ expression: parsed.value, timezone }, Date.parse(from) - 1)) {
    if (tick >= Date.parse(until)) break;
    minutes.push(tick / 60_000);
  }
  const hash = createHash('sha256').update(minutes.join(',')).digest('hex').slice(0, 16);
  return [timezone, text, from, until, minutes.length, hash];
}
