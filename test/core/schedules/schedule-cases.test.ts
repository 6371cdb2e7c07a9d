import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/core/schedules/parse-expression.ts';
import { type Timing, ticksAfter } from '../../../src/core/schedules/timing.ts';
import { isTimeZone } from '../../../src/core/schedules/zone-offsets.ts';

interface ScheduleCase {
  readonly id: string;
  readonly expression: string;
  readonly timezone: string;
  readonly startDate?: string;
  readonly after: string;
  readonly count?: number;
  readonly expect: { readonly next?: readonly string[]; readonly error?: true; readonly never?: true };
}

const { cases }: { cases: readonly ScheduleCase[] } = JSON.parse(
  readFileSync(new URL('../../golden/conformance/schedule-cases.json', import.meta.url), 'utf8'),
);

describe('the schedule cases of the conformance corpus', () => {
  it.each(cases.filter(({ expect: { next } }) => next).map((one) => [one.id, one] as const))('%s', (_, one) => {
    expect(nextOf(one)).toEqual(one.expect.next);
  });

  it.each(cases.filter(({ expect: { error } }) => error).map((one) => [one.id, one] as const))('%s', (_, one) => {
    expect(isTimeZone(one.timezone) && parseExpression(one.expression).ok).toBe(false);
  });

  it.each(cases.filter(({ expect: { never } }) => never).map((one) => [one.id, one] as const))('%s', (_, one) => {
    const parsed = parseExpression(one.expression);
    expect(parsed.ok ? '' : parsed.error.message).toContain('never fires');
  });
});

function nextOf({ expression, timezone, startDate, after, count = 1 }: ScheduleCase): readonly string[] {
  const parsed = parseExpression(expression);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const start = startDate === undefined ? {} : { startAt: Date.parse(startDate) };
  const timing: Timing = { expression: parsed.value, timezone, ...start };
  const ticks: string[] = [];
  for (const tick of ticksAfter(timing, Date.parse(after))) {
    ticks.push(new Date(tick).toISOString().replace('.000Z', 'Z'));
    if (ticks.length === count) break;
  }
  return ticks;
}
