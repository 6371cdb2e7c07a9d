import { describe, expect, it } from 'vitest';
import { checkStory } from './check-story.ts';
import type { Violation } from './facts.ts';
import { MUTANTS } from './mutants.ts';
import { randomScenario } from './random-scenario.ts';
import { shrink } from './shrink.ts';
import { simulate } from './world.ts';

describe('shrinking', () => {
  it('leaves out of a failing world what its failure does not need', async () => {
    const mutant = MUTANTS.find(({ name }) => name === 'outbox, with the store at hand');
    const scenario = { ...randomScenario(5), faultRates: { slow: 0.05 } };
    const [first] = checkStory(await simulate(scenario, mutant)).filter(({ invariant }) => invariant === 'I5');
    expect(first).toBeDefined();
    const small = await shrink(scenario, first as Violation, mutant);
    expect([small.runs.length, small.agents.length]).toEqual([1, 1]);
    expect([small.faults, small.outages, small.disturbances]).toEqual([[], [], []]);
    expect(checkStory(await simulate(small, mutant)).some(({ invariant }) => invariant === 'I5')).toBe(true);
  });
});
