import { describe, expect, it } from 'vitest';
import { checkStory } from './check-story.ts';
import { agent, quiet, run } from './directed-scenarios.ts';
import { printViolations } from './print-history.ts';
import type { PlannedFault, Scenario } from './scenario.ts';
import { simulate } from './world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BOUNDARIES = ['dies-before', 'dies-after-send', 'dies-after-answer'] as const;

/** Where the calls of one kind differ from each other no more; two agents and long absences repeat what one has shown. */
const MAX_NTH = 4;
const MAX_NTH_OF_MORE = 2;

/** The life of a run, a retry, a cancel and a bad body: every call that an agent or a worker makes occurs here. */
function lives(agents: number, faultsEndMs: number): Scenario {
  return quiet({
    agents: Array.from({ length: agents }, (_, index) => agent(index + 1)),
    runs: [
      run(),
      run({ id: 'run-2', task: { fate: { kind: 'host-lost', afterMs: 8_000 } } }),
      run({ id: 'run-3', atMs: 1_500, cancelAtMs: 20_000, task: { execMs: 2 * MINUTE_MS } }),
      run({ id: 'run-4', flow: 'plain' }),
      run({ id: 'run-5', badBody: 'not json' }),
    ],
    faultsEndMs,
  });
}

/** Every call of the life, the first few times that it is made, and every moment of it. */
async function cellsOf(scenario: Scenario, maxNth: number): Promise<readonly PlannedFault[]> {
  const { calls } = await simulate(scenario);
  return [...calls].flatMap(([key, count]) => {
    const [, process = '', call = ''] = /^(.*) (\S+)$/.exec(key) ?? [];
    if (process === 'operator') return [];
    const nths = Array.from({ length: Math.min(count, maxNth) }, (_, index) => index + 1);
    return nths.flatMap((nth) => BOUNDARIES.map((kind) => ({ process, call, nth, kind })));
  });
}

async function brokenIn(scenario: Scenario, faults: readonly PlannedFault[]): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const fault of faults) {
    const story = await simulate({ ...scenario, faults: [fault] });
    const violations = checkStory(story);
    if (violations.length > 0) broken.push(`${JSON.stringify(fault)}\n${printViolations(violations)}`);
    if (story.fired.length === 0) broken.push(`${JSON.stringify(fault)} did not strike`);
  }
  return broken;
}

describe('a death at any boundary of any call', () => {
  it.each([
    [1, MAX_NTH],
    [2, MAX_NTH_OF_MORE],
  ])(
    'breaks nothing with %i agents',
    async (agents, maxNth) => {
      const scenario = lives(agents, 20 * MINUTE_MS);
      const cells = await cellsOf(scenario, maxNth);
      expect(await brokenIn(scenario, cells)).toEqual([]);
      expect(cells.length).toBeGreaterThan(120);
    },
    300_000,
  );

  it.each([
    ['two hours', 2],
    ['twenty-six hours', 26],
  ])(
    'breaks nothing when nobody is there for %s after it',
    async (_words, hours) => {
      const awayMs = hours * HOUR_MS;
      const scenario = lives(1, awayMs + HOUR_MS);
      const cells = await cellsOf(scenario, MAX_NTH_OF_MORE);
      const ofAgent = cells.filter(({ process }) => process === 'agent-1').map((cell) => ({ ...cell, awayMs }));
      expect(await brokenIn(scenario, ofAgent)).toEqual([]);
      expect(ofAgent.length).toBeGreaterThan(60);
    },
    300_000,
  );

  it.each([
    ['two hours', 2],
    ['twenty-six hours', 26],
  ])(
    'breaks nothing when ECS is away for %s, and the agent dies with the launch under way',
    async (_words, hours) => {
      const awayMs = 30_000;
      const scenario = {
        ...lives(1, (hours + 1) * HOUR_MS),
        pace: 'slow',
        outages: [{ service: 'ecs', fromMs: 3_000, untilMs: hours * HOUR_MS, style: 'silent' }],
      } as const;
      const cells = (await cellsOf(lives(1, HOUR_MS), MAX_NTH)).filter(({ call }) => call === 'ecs.RunTask');
      expect(
        await brokenIn(
          scenario,
          cells.slice(0, 3).map((cell) => ({ ...cell, awayMs })),
        ),
      ).toEqual([]);
    },
    300_000,
  );
});
