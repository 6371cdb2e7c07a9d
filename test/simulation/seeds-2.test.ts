import { describe, expect, it } from 'vitest';
import { failuresOfSeeds } from './run-seed.ts';

describe('worlds of chance, second half', () => {
  it('everything holds in worlds 1001 to 2000', async () => {
    expect(await failuresOfSeeds(1001, 2000)).toEqual([]);
  }, 600_000);
});
