import { describe, expect, it } from 'vitest';
import { SilenceBook } from '../../src/core/worker-silence.ts';

const TASK = 'arn:task';
const beat = (count: number, attempt = 1) => ({ attempt, taskArn: TASK, count, at: 1_800_000_000_000 });

/** Takes down the counts, one each minute; `undefined` for a minute in which nothing could be read. */
function silenceAfter(counts: readonly (number | undefined)[]): number | undefined {
  const book = new SilenceBook();
  for (const [minute, count] of counts.entries()) if (count !== undefined) book.note('r', beat(count), minute * 60_000);
  const ms = book.silenceOf('r', 1, TASK)?.ms;
  return ms === undefined ? undefined : ms / 60_000;
}

describe('the silence of a worker', () => {
  it('is the time for which its count has not changed, whatever its own clock says', () => {
    expect(silenceAfter([4, 8, 12])).toBe(0);
    expect(silenceAfter([4, 8, 8, 8, 8])).toBe(3);
    expect(silenceAfter([8, 8, 8, 9])).toBe(0);
  });

  it('is counted anew when nobody could read for a while: the store may have been away from the worker as well', () => {
    expect(silenceAfter([8, 8, 8, undefined, 8])).toBe(4);
    expect(silenceAfter([8, 8, 8, undefined, undefined, undefined, 8])).toBe(0);
    expect(silenceAfter([8, 8, 8, undefined, undefined, undefined, 8, 8])).toBe(1);
  });

  it('lasts up to the last reading only', () => {
    expect(silenceAfter([8, 8, undefined, undefined])).toBe(1);
  });

  it('is of one attempt and one task', () => {
    const book = new SilenceBook();
    book.note('r', beat(3), 0);
    expect(book.silenceOf('r', 2, TASK)).toBeUndefined();
    expect(book.silenceOf('r', 1, 'another')).toBeUndefined();
    expect(book.silenceOf('other', 1, TASK)).toBeUndefined();
    book.note('r', beat(3, 2), 60_000);
    expect(book.silenceOf('r', 2, TASK)).toEqual({ ms: 0, count: 3 });
  });

  it('is unknown of a worker that has never been heard, and of a run that is forgotten', () => {
    const book = new SilenceBook();
    book.note('r', undefined, 0);
    expect(book.silenceOf('r', 1, TASK)).toBeUndefined();
    book.note('r', beat(1), 0);
    book.keepOnly(() => false);
    expect(book.silenceOf('r', 1, TASK)).toBeUndefined();
  });
});
