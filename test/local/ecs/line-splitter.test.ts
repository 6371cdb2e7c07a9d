import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../src/local/ecs/processes/line-splitter.ts';

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are cut into chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '🚀', '\n', ' '), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(7), { maxLength: 80 }), (content, cuts) => {
        const splitter = new LineSplitter();
        const lines: string[] = [];
        let rest = Buffer.from(content);
        for (const cut of cuts) {
          lines.push(...splitter.push(rest.subarray(0, cut)));
          rest = rest.subarray(cut);
        }
        lines.push(...splitter.push(rest), ...splitter.flush());
        expect(lines).toEqual(content.split('\n').filter((line) => line !== ''));
      }),
    );
  });

  it('cuts long lines between characters', () => {
    const splitter = new LineSplitter();
    const line = `x${'🚀'.repeat(200_000)}`;
    const pieces = [...splitter.push(Buffer.from(`${line}\n`)), ...splitter.flush()];
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.every((piece) => Buffer.byteLength(piece) <= 256 * 1024)).toBe(true);
    expect(pieces.join('')).toBe(line);
  });

  it('does not hold back a line without an end for ever', () => {
    const splitter = new LineSplitter();
    const given = [splitter.push(Buffer.alloc(400 * 1024, 'x')), splitter.push(Buffer.alloc(400 * 1024, 'x'))].flat();
    const rest = splitter.flush();
    expect(given.length).toBeGreaterThan(0);
    expect([...given, ...rest].join('')).toHaveLength(800 * 1024);
  });
});
