import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IndexedHeap } from '../../../src/local/sqs/indexed-heap.ts';

interface Item {
  readonly key: number;
}

/** Adds an item of this key, or takes out the one at a place. */
type Step = { readonly add: number } | { readonly takeOut: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ add: fc.integer({ min: 0, max: 50 }) }),
  fc.record({ takeOut: fc.nat() }),
);

/** Does the step to the heap and to a plain list that holds the same. */
function take(step: Step, heap: IndexedHeap<Item>, inside: Item[]): void {
  if ('add' in step) {
    const item = { key: step.add };
    heap.add(item);
    heap.add(item);
    inside.push(item);
    return;
  }
  for (const item of inside.splice(step.takeOut % Math.max(1, inside.length), 1)) {
    expect(heap.remove(item)).toBe(true);
    expect(heap.remove(item)).toBe(false);
  }
}

describe('an indexed heap', () => {
  it('always has the smallest item first, whatever was added and taken out', () => {
    const property = fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new IndexedHeap<Item>((a, b) => a.key < b.key);
      const inside: Item[] = [];
      for (const next of steps) {
        take(next, heap, inside);
        expect(heap.size).toBe(inside.length);
        expect(heap.first()?.key).toBe(inside.map(({ key }) => key).sort((a, b) => a - b)[0]);
      }
    });
    fc.assert(property);
  });
});
