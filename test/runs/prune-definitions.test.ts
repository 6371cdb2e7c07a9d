import { describe, expect, it } from 'vitest';
import type { DefinitionShelf } from '../../src/core/definition-shelf.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import { planPrune } from '../../src/runs/prune-definitions.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, stop } from './deps.ts';

function shelfOf(families: Readonly<Record<string, readonly string[]>>): DefinitionShelf {
  return {
    families: async (prefix) => Object.keys(families).filter((family) => family.startsWith(prefix)),
    revisions: async (family) => families[family] ?? [],
    deregister: async () => {},
  };
}

describe('pruning', () => {
  it('keeps the newest of each of our families, and leaves those of others alone', async () => {
    const shelf = shelfOf({ 'slipway-a': ['a:3', 'a:2', 'a:1'], 'slipway-b': ['b:1'], slipwayish: ['c:2', 'c:1'] });
    const { store } = memoryDeps();
    const plan = await planPrune({ shelf, store }, { prefix: 'slipway', keep: 1 }, stop);
    expect(plan).toEqual({ unused: ['a:2', 'a:1'], inUse: 0 });
  });

  it('keeps an old revision that a run in flight was launched from, also if it is launched while we look', async () => {
    const { store, deps } = memoryDeps();
    const launch = async (runId: string) => {
      const run = queuedRun({ runId });
      await store.accept(run);
      const launched = await launchRun(deps, run, stop);
      if (launched === undefined || launched === 'not-ours' || launched.status !== 'STARTING')
        throw new Error('is launched');
      return launched.intent.request.taskDefinition;
    };
    const used = await launch('early');
    const families = { 'slipway-etl': ['newest', used, 'unused'] };
    const shelf: DefinitionShelf = {
      ...shelfOf(families),
      revisions: async () => {
        await launch('while we look');
        return families['slipway-etl'];
      },
    };
    const plan = await planPrune({ shelf, store }, { prefix: 'slipway', keep: 1 }, stop);
    expect(plan).toEqual({ unused: ['unused'], inUse: 1 });
  });
});
