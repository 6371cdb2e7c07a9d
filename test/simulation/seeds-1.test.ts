import { describe, expect, it } from 'vitest';
import { failuresOfSeeds } from './run-seed.ts';

describe('worlds of chance, first half', () => {
  it('everything holds in worlds 1 to 1000', async () => {
    expect(await failuresOfSeeds(1, 1000)).toEqual([]);
  }, 600_000);
});
