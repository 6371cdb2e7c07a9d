import { describe, expect, it } from 'vitest';
import { checkStory } from './check-story.ts';
import { quiet, run } from './directed-scenarios.ts';
import { eventsOf } from './facts.ts';
import { simulate } from './world.ts';

/** Milliseconds from a good request to its launch, behind so many bad ones. */
async function launchDelayMs(poison: number): Promise<number> {
  const bad = Array.from({ length: poison }, (_, index) =>
    run({ id: `bad-${index}`, atMs: 900, badBody: '{"flow":7}' }),
  );
  const story = await simulate(quiet({ runs: [...bad, run()] }));
  expect(checkStory(story)).toEqual([]);
  const sent = eventsOf(story, 'sent').find(({ runId }) => runId === 'run-1');
  const launched = eventsOf(story, 'launch-sent')[0];
  return (launched?.at ?? Number.POSITIVE_INFINITY) - (sent?.at ?? 0);
}

describe('I15: bad bodies', () => {
  it.each([1, 10, 50, 200])('%i of them hardly delay a good request that comes behind them', async (poison) => {
    // Two hundred take twenty receives; each receive and its round trip is some tens of milliseconds here.
    const receives = Math.ceil(poison / 10);
    expect(await launchDelayMs(poison)).toBeLessThan(2 * (await launchDelayMs(0)) + receives * 100);
  });
});
