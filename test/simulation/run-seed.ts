import { checkStory } from './check-story.ts';
import type { Violation } from './facts.ts';
import { knownViolationOf } from './known-violations.ts';
import type { Mutant } from './mutant.ts';
import { printViolations } from './print-history.ts';
import { randomScenario } from './random-scenario.ts';
import { simulate } from './world.ts';

export interface SeedResult {
  readonly seed: number;
  readonly known: readonly Violation[];
  readonly unknown: readonly Violation[];
}

/** Lets the world of a seed happen and judges it. */
export async function runSeed(seed: number, mutant?: Mutant): Promise<SeedResult> {
  const violations = checkStory(await simulate(randomScenario(seed), mutant));
  return {
    seed,
    known: violations.filter((violation) => knownViolationOf(violation) !== undefined),
    unknown: violations.filter((violation) => knownViolationOf(violation) === undefined),
  };
}

/** What the seeds from `from` to `to` found beyond what is known: nothing, or each failing seed with how to look at it. */
export async function failuresOfSeeds(from: number, to: number): Promise<readonly string[]> {
  const failures: string[] = [];
  for (let seed = from; seed <= to; seed += 1) {
    const { unknown } = await runSeed(seed);
    if (unknown.length > 0) failures.push(`npm run simulate -- --seed ${seed} --trace\n${printViolations(unknown)}`);
  }
  return failures;
}
