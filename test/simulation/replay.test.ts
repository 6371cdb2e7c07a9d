import { describe, expect, it } from 'vitest';
import { printHistory } from './print-history.ts';
import { randomScenario } from './random-scenario.ts';
import { simulate } from './world.ts';

const historyOf = async (seed: number) => printHistory((await simulate(randomScenario(seed))).events);

describe('a seed', () => {
  it.each([1, 17, 92, 345, 1234])('%i makes the same history every time, byte for byte', async (seed) => {
    expect(await historyOf(seed)).toBe(await historyOf(seed));
  });

  it('makes the same history whatever other worlds happen beside it', async () => {
    const alone = await historyOf(7);
    const [beside] = await Promise.all([historyOf(7), historyOf(8), historyOf(9)]);
    expect(beside).toBe(alone);
  });

  it('makes another history than another seed', async () => {
    expect(await historyOf(7)).not.toBe(await historyOf(8));
  });

  it('makes the same history from the faults that struck it as from chance', async () => {
    const scenario = randomScenario(203);
    const story = await simulate(scenario);
    expect(story.fired.length).toBeGreaterThan(0);
    const planned = await simulate({ ...scenario, faultRates: {}, faults: story.fired });
    expect(printHistory(planned.events)).toBe(printHistory(story.events));
  });
});
