import { describe, expect, it } from 'vitest';
import { checkStory } from './check-story.ts';
import { agent, quiet, run } from './directed-scenarios.ts';
import { printViolations } from './print-history.ts';
import type { PlannedFault, Scenario } from './scenario.ts';
import { simulate } from './world.ts';

const MINUTE_MS = 60_000;
const BOUNDARIES = ['dies-before', 'dies-after-send', 'dies-after-answer'] as const;

/** Where the calls of one kind differ from each other no more. */
const MAX_NTH = 6;

/** The life of a run, a retry, a cancel and a bad body: every call that an agent or a worker makes occurs here. */
const lives = (agents: number): Scenario =>
  quiet({
    agents: Array.from({ length: agents }, (_, index) => agent(index + 1)),
    runs: [
      run(),
      run({ id: 'run-2', task: { fate: { kind: 'host-lost', afterMs: 8_000 } } }),
      run({ id: 'run-3', atMs: 1_500, cancelAtMs: 20_000, task: { execMs: 2 * MINUTE_MS } }),
      run({ id: 'run-4', flow: 'plain' }),
      run({ id: 'run-5', badBody: 'not json' }),
    ],
    faultsEndMs: 20 * MINUTE_MS,
  });

async function cellsOf(scenario: Scenario): Promise<readonly PlannedFault[]> {
  const { calls } = await simulate(scenario);
  return [...calls].flatMap(([key, count]) => {
    const [, process = '', call = ''] = /^(.*) (\S+)$/.exec(key) ?? [];
    if (process === 'operator') return [];
    const nths = Array.from({ length: Math.min(count, MAX_NTH) }, (_, index) => index + 1);
    return nths.flatMap((nth) => BOUNDARIES.map((kind) => ({ process, call, nth, kind })));
  });
}

describe('the crash matrix', () => {
  it.each([1, 2])(
    'with %i agents: a death at any boundary of any call breaks nothing',
    async (agents) => {
      const scenario = lives(agents);
      const cells = await cellsOf(scenario);
      const broken: string[] = [];
      for (const fault of cells) {
        const story = await simulate({ ...scenario, faults: [fault] });
        const violations = checkStory(story);
        if (violations.length > 0) broken.push(`${JSON.stringify(fault)}\n${printViolations(violations)}`);
      }
      expect(broken).toEqual([]);
      expect(cells.length).toBeGreaterThan(120);
    },
    120_000,
  );
});
