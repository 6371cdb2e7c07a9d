import { describe, expect, it } from 'vitest';
import type { RunningRun } from '../../src/core/run.ts';
import { silentLog } from '../../src/service/log.ts';
import { type RecordDeps, recordEnd } from '../../src/worker/record-end.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { runFacts } from '../fakes/runs.ts';
import { hastyClock, intent, NOW, OWN, TASK } from './fixtures.ts';

const SUCCEEDED = { kind: 'succeeded' } as const;
const INTERRUPTED = { kind: 'interrupted', exitCode: 143, message: 'interrupted by SIGTERM' } as const;

const running: RunningRun = {
  ...runFacts({ version: 5 }),
  status: 'RUNNING',
  intent,
  task: { taskArn: TASK, launchedAt: NOW },
  startedAt: NOW,
  claim: { taskArn: TASK, at: NOW },
};

function storeWith(run: RunningRun): MemoryRunStore {
  const store = new MemoryRunStore();
  store.seed(run);
  return store;
}

function depsOf(store: MemoryRunStore): RecordDeps {
  return { store, clock: hastyClock(), log: silentLog };
}

function resultIn(store: MemoryRunStore) {
  const run = store.peek('run-1');
  return run && 'result' in run ? run.result : undefined;
}

describe("the worker's final record", () => {
  it('tells of a success and what it returned', async () => {
    const store = storeWith(running);
    expect(await recordEnd(depsOf(store), OWN, SUCCEEDED, { output: { rows: 3 } })).toBe(true);
    expect(resultIn(store)).toEqual({ status: 'SUCCEEDED', exitCode: 0, output: { rows: 3 }, at: NOW });
  });

  it('tells of a failure in its own words', async () => {
    const store = storeWith(running);
    await recordEnd(depsOf(store), OWN, { kind: 'failed', exitCode: 3, message: 'no such date' }, undefined);
    expect(resultIn(store)).toEqual({ status: 'FAILED', exitCode: 3, message: 'no such date', at: NOW });
  });

  it('calls an interruption CANCELLED only if somebody wanted the run to end', async () => {
    const stopped = storeWith(running);
    await recordEnd(depsOf(stopped), OWN, INTERRUPTED, undefined);
    expect(resultIn(stopped)).toMatchObject({ status: 'FAILED', exitCode: 143, message: 'interrupted by SIGTERM' });

    const cancelled = storeWith({ ...running, cancel: { by: 'ann', reason: 'wrong date', at: NOW } });
    await recordEnd(depsOf(cancelled), OWN, INTERRUPTED, undefined);
    expect(resultIn(cancelled)).toMatchObject({ status: 'CANCELLED', message: 'cancelled by ann: wrong date' });
  });

  it('leaves a success a success, even if a cancel came too late', async () => {
    const store = storeWith({ ...running, cancel: { by: 'ann', reason: 'wrong date', at: NOW } });
    await recordEnd(depsOf(store), OWN, SUCCEEDED, undefined);
    expect(resultIn(store)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('gets through eleven failures', async () => {
    const store = storeWith(running);
    let calls = 0;
    store.onCall = () => {
      calls += 1;
      if (calls < 12) throw new Error('DynamoDB is away');
    };
    expect(await recordEnd(depsOf(store), OWN, SUCCEEDED, undefined)).toBe(true);
    expect(resultIn(store)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('reads again when somebody else has changed the run meanwhile', async () => {
    const store = storeWith(running);
    let races = 0;
    store.onCall = ({ name }) => {
      if (name !== 'move' || races === 3) return;
      races += 1;
      store.seed({ ...running, version: running.version + races });
    };
    expect(await recordEnd(depsOf(store), OWN, SUCCEEDED, undefined)).toBe(true);
    expect(store.peek('run-1')?.version).toBe(running.version + 4);
  });

  it('is given up after twelve tries', async () => {
    const store = storeWith(running);
    let calls = 0;
    store.onCall = () => {
      calls += 1;
      throw new Error('DynamoDB is away');
    };
    expect(await recordEnd(depsOf(store), OWN, SUCCEEDED, undefined)).toBe(false);
    expect(calls).toBe(12);
  });

  it('is known again when the answer to it was lost', async () => {
    const store = storeWith(running);
    let writes = 0;
    store.onWritten = () => {
      writes += 1;
      throw new Error('no answer');
    };
    expect(await recordEnd(depsOf(store), OWN, SUCCEEDED, undefined)).toBe(true);
    expect(writes).toBe(1);
  });

  it('is not for a task that did not claim the attempt', async () => {
    const store = storeWith({ ...running, claim: { taskArn: `${TASK}-twin`, at: NOW } });
    expect(await recordEnd(depsOf(store), OWN, SUCCEEDED, undefined)).toBe(false);
    expect(resultIn(store)).toBeUndefined();
  });

  it('does not change a word that is on record already', async () => {
    const first = { status: 'FAILED', exitCode: 1, at: NOW - 1 } as const;
    const store = storeWith({ ...running, result: first });
    expect(await recordEnd(depsOf(store), OWN, SUCCEEDED, undefined)).toBe(false);
    expect(resultIn(store)).toEqual(first);
  });
});
