import { describe, expect, it } from 'vitest';
import { FARGATE_SIZES, isFargatePair } from '../../../src/templates/validate/fargate-sizes.ts';

describe('the sizes of Fargate', () => {
  it('are the pairs of the developer guide, and those only', () => {
    const ranges = FARGATE_SIZES.map(({ cpu, memory }) => [cpu, memory[0], memory.at(-1), memory.length]);
    expect(ranges).toEqual([
      [256, 512, 2048, 3],
      [512, 1024, 4096, 4],
      [1024, 2048, 8192, 7],
      [2048, 4096, 16_384, 13],
      [4096, 8192, 30_720, 23],
      [8192, 16_384, 61_440, 12],
      [16_384, 32_768, 122_880, 12],
      [32_768, 61_440, 249_856, 3],
    ]);
  });

  it('do not fill the gaps', () => {
    expect(isFargatePair(256, 1536)).toBe(false);
    expect(isFargatePair(8192, 17_408)).toBe(false);
    expect(isFargatePair(32_768, 65_536)).toBe(false);
    expect(isFargatePair(300, 512)).toBe(false);
    expect(isFargatePair(256, undefined)).toBe(false);
  });
});
