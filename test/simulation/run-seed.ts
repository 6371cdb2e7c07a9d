import { checkStory } from './check-story.ts';
import type { Violation } from './facts.ts';
import type { Mutant } from './mutant.ts';
import { printViolations } from './print-history.ts';
import { randomScenario } from './random-scenario.ts';
import { simulate } from './world.ts';

export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

/** Lets the world of a seed happen and judges it. */
export async function runSeed(seed: number, mutant?: Mutant): Promise<SeedResult> {
  return { seed, violations: checkStory(await simulate(randomScenario(seed), mutant)) };
}

/** What the seeds from `from` to `to` found: nothing, or each failing seed with how to look at it. */
export async function failuresOfSeeds(from: number, to: number): Promise<readonly string[]> {
  const failures: string[] = [];
  for (let seed = from; seed <= to; seed += 1) {
    const { violations } = await runSeed(seed);
    if (violations.length > 0)
      failures.push(`npm run simulate -- --seed ${seed} --trace\n${printViolations(violations)}`);
  }
  return failures;
}
