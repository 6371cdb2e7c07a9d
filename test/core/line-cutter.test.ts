import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineCutter } from '../../src/core/line-cutter.ts';

function linesOf(chunks: readonly string[], maxBytes = 100): readonly string[] {
  const cutter = new LineCutter(maxBytes);
  return [...chunks.flatMap((chunk) => cutter.push(Buffer.from(chunk))), ...cutter.rest()];
}

describe('cutting lines', () => {
  it('finds the same lines however the bytes come', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat(20)), (text, cuts) => {
        const bytes = Buffer.from(text);
        const cutter = new LineCutter(1_000);
        const lines: string[] = [];
        let from = 0;
        for (const cut of cuts) {
          lines.push(...cutter.push(bytes.subarray(from, from + cut)));
          from += cut;
        }
        lines.push(...cutter.push(bytes.subarray(from)), ...cutter.rest());
        const expected = bytes.toString().split('\n');
        expect(lines.filter((line) => line !== '')).toEqual(expected.filter((line) => line !== ''));
      }),
    );
  });

  it('leaves out a line that is too long, and none of the lines around it', () => {
    expect(linesOf(['one\n', 'x'.repeat(60), 'x'.repeat(60), 'x'.repeat(600), 'x\ntwo\n', 'three'])).toEqual([
      'one',
      'two',
      'three',
    ]);
  });
});
