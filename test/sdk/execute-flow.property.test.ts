import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flow, memoryStepStore, runFlow, type StepHandle, type StepStore } from '../../src/sdk/index.ts';

/** A step of a graph of chance: on which earlier ones it waits, how many elements it maps over, which calls of it fail. */
interface Plan {
  readonly needs: readonly number[];
  readonly items: number;
  readonly turns: number;
  /** Calls of the whole story that throw, counted from 0, for each element. */
  readonly failures: number;
}

const PLAN: fc.Arbitrary<Plan> = fc.record({
  needs: fc.array(fc.nat(20), { maxLength: 3 }),
  items: fc.nat(4),
  turns: fc.nat(4),
  failures: fc.nat(2),
});

const STORY = fc.record({
  plans: fc.array(PLAN, { minLength: 1, maxLength: 8 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
  retries: fc.nat(1),
});

type Story = typeof STORY extends fc.Arbitrary<infer Value> ? Value : never;

/** What happened to the steps of a story, over all of its attempts. */
class Witness {
  readonly done = new Set<string>();
  readonly calls = new Map<string, number>();
  readonly begun: string[] = [];
  running = 0;
  most = 0;

  /** One call of a step or element; throws as often as the plan says. */
  async call(name: string, { turns, failures }: Plan): Promise<string> {
    const calls = this.calls.get(name) ?? 0;
    this.calls.set(name, calls + 1);
    this.begun.push(name);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    for (let turn = 0; turn < turns; turn += 1) await setImmediate();
    this.running -= 1;
    if (calls < failures) throw new Error(`${name} fails call ${calls}`);
    expect(this.done.has(name), `${name} runs again`).toBe(false);
    this.done.add(name);
    return name;
  }
}

function graphOf({ plans, concurrency, retries }: Story, witness: Witness) {
  return flow('chance', { version: '1', concurrency }, (step) => {
    const handles: StepHandle<unknown>[] = [];
    for (const [place, plan] of plans.entries()) {
      const name = `s${place}`;
      const inputs = Object.fromEntries(
        plan.needs.filter((need) => need < place).map((need) => [`s${need}`, handles[need]]),
      );
      const given = inputs as Readonly<Record<string, StepHandle<unknown>>>;
      const check = (found: Readonly<Record<string, unknown>>) => {
        for (const need of Object.keys(given))
          expect(found[need], `${name} begins before ${need} is done`).toEqual(outputOf(plans, need));
      };
      if (plan.items === 0) {
        handles.push(
          step(name, { inputs: given, retries }, (context) => {
            check(context.inputs);
            return witness.call(name, plan);
          }),
        );
        continue;
      }
      const list = step(`${name}-list`, { inputs: given }, () =>
        Array.from({ length: plan.items }, (_, index) => index),
      );
      handles.push(
        step(name, { mapOver: list, inputs: given, retries, concurrency }, (context) => {
          check(context.inputs);
          return witness.call(`${name}[${context.item}]`, plan);
        }),
      );
    }
    return undefined;
  });
}

function outputOf(plans: readonly Plan[], name: string): unknown {
  const items = plans[Number(name.slice(1))]?.items ?? 0;
  return items === 0 ? name : Array.from({ length: items }, (_, index) => `${name}[${index}]`);
}

/** Runs attempts until one succeeds; how many that were. */
async function attemptsUntilDone(story: Story, witness: Witness, store: StepStore): Promise<number> {
  for (let attempt = 1; attempt <= 60; attempt += 1) {
    try {
      await runFlow(graphOf(story, witness), { store, delays: false });
      return attempt;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'StepFailed') throw error;
      expect(witness.running, 'an attempt ends before its calls do').toBe(0);
    }
  }
  throw new Error('no attempt succeeds');
}

describe('flows of chance', () => {
  it('finish every step and element exactly once over all attempts, each after those it needs', async () => {
    await fc.assert(
      fc.asyncProperty(STORY, async (story) => {
        const witness = new Witness();
        await attemptsUntilDone(story, witness, memoryStepStore());
        const expected = story.plans.flatMap((_, place) => [outputOf(story.plans, `s${place}`)].flat());
        expect([...witness.done].sort()).toEqual(expected.sort());
        expect(witness.most).toBeLessThanOrEqual(story.concurrency * story.concurrency);
        for (const [place, { failures }] of story.plans.entries()) {
          for (const name of [outputOf(story.plans, `s${place}`)].flat()) {
            expect(witness.calls.get(String(name)), `calls of ${String(name)}`).toBe(failures + 1);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
