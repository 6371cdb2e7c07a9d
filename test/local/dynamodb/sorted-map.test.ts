import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyRange } from '../../../src/local/dynamodb/dynalite.ts';
import { SortedMap } from '../../../src/local/dynamodb/sorted-map.ts';

const key = fc.integer({ min: 0, max: 2000 }).map((number) => String(number).padStart(4, '0'));
const write = fc.record({ key, value: fc.option(fc.nat(), { nil: undefined }) });
const bounds = fc.record(
  { gt: key, gte: key, lt: key, lte: key, reverse: fc.boolean(), limit: fc.nat(40) },
  { requiredKeys: [] },
);

type Write = { readonly key: string; readonly value: number | undefined };

function writeInto(map: Pick<Map<string, number>, 'set' | 'delete'> | SortedMap<number>, { key, value }: Write): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

/** The same range of a plain list. */
function rangeOf(entries: Iterable<readonly [string, number]>, range: KeyRange): number[] {
  const { gt = '', gte = '', lt = '~', lte = '~', reverse = false, limit } = range;
  const inside = [...entries].filter(([key]) => key > gt && key >= gte && key < lt && key <= lte);
  const sorted = inside.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  return (reverse ? sorted.toReversed() : sorted).slice(0, limit);
}

describe('SortedMap', () => {
  it('answers as a sorted list does, whatever was written and whatever range is asked for', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 3000, size: 'max' }), bounds, (writes, range) => {
        const map = new SortedMap<number>();
        const model = new Map<string, number>();
        for (const write of writes) {
          writeInto(map, write);
          writeInto(model, write);
        }
        expect([...map.range(range)]).toEqual(rangeOf(model, range));
        expect([...map.range()]).toEqual(rangeOf(model, {}));
        expect(map.size).toBe(model.size);
        for (const { key } of writes.slice(0, 20)) expect(map.get(key)).toBe(model.get(key));
      }),
      { numRuns: 200 },
    );
  });
});
