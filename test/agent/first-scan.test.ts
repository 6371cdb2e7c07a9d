import { expect, it } from 'vitest';
import { DEFAULT_PACE } from '../../src/agent/agent-pace.ts';
import { RunWatcher } from '../../src/agent/watch-runs.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import { silentLog } from '../../src/service/log.ts';
import { ALL_SHARDS } from '../fakes/all-shards.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, stop } from '../runs/deps.ts';

it('is what a watcher needs to know which runs take up room, and it says once that it has had it', async () => {
  const { clock, store, deps } = memoryDeps();
  let told = 0;
  const watcher = new RunWatcher({
    store,
    recover: deps,
    clock,
    log: silentLog,
    onTrouble: () => {},
    shards: ALL_SHARDS,
    isBeingLaunched: () => false,
    onQueued: () => {},
    onFreed: () => {},
    onFirstScan: () => {
      told += 1;
    },
    pace: DEFAULT_PACE,
  });
  const run = queuedRun();
  await store.accept(run);
  await launchRun(deps, run, stop);
  expect([watcher.hasScanned, watcher.ownSize]).toEqual([false, 0]);
  await watcher.scan();
  await watcher.scan();
  expect([watcher.hasScanned, watcher.ownSize, told]).toEqual([true, 1, 1]);
});
