import { describe, expect, it } from 'vitest';
import { COUNTED, dueTicks, previousTick } from '../../../src/core/schedules/due-ticks.ts';
import { scheduleOf } from '../../fakes/schedules.ts';

const UNTIL = Date.UTC(2026, 9, 1, 12);
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

describe('the ticks since a moment', () => {
  it('are all of them, in order, where they are few', () => {
    expect(dueTicks(scheduleOf(), UNTIL - 3 * MINUTE, UNTIL, 10)).toEqual({
      newest: [UNTIL - 2 * MINUTE, UNTIL - MINUTE, UNTIL],
    });
  });

  it('are the newest of a thousand, and the number of the others', () => {
    const { newest, older } = dueTicks(scheduleOf(), UNTIL - 1_000 * MINUTE, UNTIL, 2);
    expect(newest).toEqual([UNTIL - MINUTE, UNTIL]);
    expect(older).toEqual({ from: UNTIL - 999 * MINUTE, to: UNTIL - 2 * MINUTE, count: 998 });
  });

  it('are found after an outage of years, and nobody counts for years', () => {
    const { newest, older } = dueTicks(scheduleOf(), UNTIL - 3_000 * DAY, UNTIL, 1);
    expect(newest).toEqual([UNTIL]);
    expect(older?.count).toBe(COUNTED);
  });

  it('are none where none is due', () => {
    expect(dueTicks(scheduleOf('0 0 1 1 *'), UNTIL - DAY, UNTIL, 5)).toEqual({ newest: [] });
  });
});

describe('the tick before', () => {
  it('is found however rare ticks are', () => {
    expect(previousTick(scheduleOf(), UNTIL)).toBe(UNTIL - MINUTE);
    const leapDay = scheduleOf('0 0 29 2 *');
    expect(previousTick(leapDay, Date.UTC(2028, 1, 29))).toBe(Date.UTC(2024, 1, 29));
  });

  it('is none before the first one', () => {
    const rate = scheduleOf('rate(1 hour)', { startAt: UNTIL });
    expect(previousTick(rate, UNTIL)).toBeUndefined();
  });
});
