import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WholeLines } from '../../src/worker/whole-lines.ts';

async function through(chunks: readonly Buffer[]): Promise<{ pieces: Buffer[]; lines: WholeLines }> {
  const pieces: Buffer[] = [];
  const lines = new WholeLines();
  await pipeline(Readable.from(chunks), lines, async (source: AsyncIterable<Buffer>) => {
    for await (const piece of source) pieces.push(piece);
  });
  return { pieces, lines };
}

describe('whole lines', () => {
  it('change no byte, however the bytes come, but for the newline that the last line lacks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 })), async (given) => {
        const chunks = given.map((bytes) => Buffer.from(bytes));
        const all = Buffer.concat(chunks);
        const expected = all.length > 0 && all.at(-1) !== 0x0a ? Buffer.concat([all, Buffer.from('\n')]) : all;
        const { pieces } = await through(chunks);
        expect(Buffer.concat(pieces).equals(expected)).toBe(true);
        for (const piece of pieces) expect(piece.at(-1)).toBe(0x0a);
      }),
    );
  });

  it('pass on a line that has no end in pieces, and do not hold it for ever', async () => {
    const chunk = Buffer.alloc(100 * 1024, 'x');
    const { pieces } = await through([chunk, chunk, chunk, chunk, chunk]);
    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces)).toHaveLength(500 * 1024 + 1);
  });

  it.each([
    [['Traceback\n', '  File "x"\n', 'ValueError: bad date\n', '\n\n'], 'ValueError: bad date'],
    [['first\nsec', 'ond'], 'second'],
    [['\n \n'], ''],
    [[], ''],
  ])('remember the last line of %j', async (texts, last) => {
    expect((await through(texts.map((text) => Buffer.from(text)))).lines.lastLine).toBe(last);
  });
});
