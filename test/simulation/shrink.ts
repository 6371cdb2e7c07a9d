import { checkStory } from './check-story.ts';
import type { Violation } from './facts.ts';
import { type Mutant, NO_MUTANT } from './mutant.ts';
import { QUIET, type Scenario } from './scenario.ts';
import { simulate } from './world.ts';

/** So many worlds are tried: shrinking is for reading, and need not be perfect. */
const MAX_TRIES = 600;

/**
 * A smaller world in which the same invariant breaks in the same way: first chance is replaced by the faults that struck,
 * then runs, agents, faults and disturbances are left out one by one as long as it still breaks.
 */
export async function shrink(scenario: Scenario, target: Violation, mutant: Mutant = NO_MUTANT): Promise<Scenario> {
  const shrinking = new Shrinking(target, mutant);
  const { fired } = await simulate(scenario, mutant);
  const fixed = { ...scenario, faultRates: {}, faults: fired };
  let smallest = (await shrinking.breaks(fixed)) ? fixed : scenario;
  for (let next = await shrinking.round(smallest); next !== smallest; next = await shrinking.round(smallest)) {
    smallest = next;
  }
  return smallest;
}

class Shrinking {
  readonly #target: Violation;
  readonly #mutant: Mutant;
  #tries = 0;

  constructor(target: Violation, mutant: Mutant) {
    this.#target = target;
    this.#mutant = mutant;
  }

  async breaks(candidate: Scenario): Promise<boolean> {
    this.#tries += 1;
    const violations = checkStory(await simulate(candidate, this.#mutant));
    return violations.some(({ invariant, code }) => invariant === this.#target.invariant && code === this.#target.code);
  }

  /** Leaves out what can be left out, each thing tried once; gives the same world back when that is nothing. */
  async round(scenario: Scenario): Promise<Scenario> {
    let smallest = scenario;
    // Each success changes what is left to try, so the candidates are made anew, going on at the same place.
    for (let index = 0; this.#tries < MAX_TRIES; ) {
      const candidate = candidatesOf(smallest)[index];
      if (candidate === undefined) return smallest;
      if (await this.breaks(candidate)) smallest = candidate;
      else index += 1;
    }
    return smallest;
  }
}

function candidatesOf(scenario: Scenario): readonly Scenario[] {
  const { runs, agents, faults, outages, disturbances } = scenario;
  return [
    ...(agents.length > 1 ? without(agents).map((rest) => ({ ...scenario, agents: rest })) : []),
    ...(runs.length > 1 ? without(runs).map((rest) => ({ ...scenario, runs: rest })) : []),
    ...without(outages).map((rest) => ({ ...scenario, outages: rest })),
    ...without(disturbances).map((rest) => ({ ...scenario, disturbances: rest })),
    ...without(faults).map((rest) => ({ ...scenario, faults: rest })),
    ...calmer(scenario),
  ];
}

function without<T>(items: readonly T[]): readonly T[][] {
  return items.map((_, index) => items.filter((_item, other) => other !== index));
}

/** The same with one habit of the services less, or without what else is not always there. */
function calmer(scenario: Scenario): readonly Scenario[] {
  const { habits, faultRates, hasEvents } = scenario;
  const quieter = Object.keys(habits)
    .filter((name) => Reflect.get(habits, name) !== Reflect.get(QUIET, name))
    .map((name) => ({ ...scenario, habits: { ...habits, [name]: Reflect.get(QUIET, name) } }));
  const rarer = Object.keys(faultRates).map((kind) => ({ ...scenario, faultRates: withoutKey(faultRates, kind) }));
  return [...quieter, ...rarer, ...(hasEvents ? [{ ...scenario, hasEvents: false }] : [])];
}

function withoutKey<T extends object>(map: T, key: string): T {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key)) as T;
}
