import { describe, expect, it } from 'vitest';
import { silentLog } from '../../src/service/log.ts';
import { type ClaimDeps, claimAttempt } from '../../src/worker/claim-attempt.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { runFacts } from '../fakes/runs.ts';
import { hastyClock, intent, NOW, OWN, startingRun, TASK } from './fixtures.ts';

function depsOf(store: MemoryRunStore, stop = new AbortController().signal): ClaimDeps {
  return { store, clock: hastyClock(), log: silentLog, stop };
}

function storeWith(run: Parameters<MemoryRunStore['seed']>[0]): MemoryRunStore {
  const store = new MemoryRunStore();
  store.seed(run);
  return store;
}

class Named extends Error {
  constructor(name: string) {
    super(`${name}!`);
    this.name = name;
  }
}

describe('claiming an attempt', () => {
  it('makes the run RUNNING, with the task that may run it', async () => {
    const store = storeWith(startingRun());
    expect(await claimAttempt(depsOf(store), OWN)).toMatchObject({
      kind: 'claimed',
      run: { claim: { taskArn: TASK } },
    });
    expect(store.peek('run-1')).toMatchObject({ status: 'RUNNING', claim: { taskArn: TASK }, startedAt: NOW });
  });

  it('does not need the agent to have seen the task', async () => {
    const lease = { owner: 'a', instance: 'i', epoch: 1, until: NOW };
    const store = storeWith({ ...runFacts(), status: 'LAUNCHING', placement: 0, lease, intent });
    expect(await claimAttempt(depsOf(store), OWN)).toMatchObject({ kind: 'claimed' });
  });

  it.each([
    ['another task has it', startingRun(), 'twin'],
    ['the run is at another attempt', startingRun({ attempt: 2 }), TASK],
    ['the run was cancelled', startingRun({ cancel: { by: 'ann', reason: 'no', at: NOW } }), TASK],
  ])('is refused when %s', async (_why, run, claimant) => {
    const store = storeWith(run);
    if (claimant === 'twin') await claimAttempt(depsOf(store), { ...OWN, taskArn: `${TASK}-twin` });
    const before = store.peek('run-1');
    expect(await claimAttempt(depsOf(store), OWN)).toMatchObject({ kind: 'refused' });
    expect(store.peek('run-1')).toEqual(before);
  });

  it('is refused to the same task a second time: ECS may restart a container within its task', async () => {
    const store = storeWith(startingRun());
    await claimAttempt(depsOf(store), OWN);
    expect(await claimAttempt(depsOf(store), OWN)).toMatchObject({ kind: 'refused' });
  });

  it('reads again after a lost race', async () => {
    const store = storeWith(startingRun());
    let races = 0;
    store.onCall = ({ name }) => {
      const run = store.peek('run-1');
      if (name !== 'move' || run === undefined || races === 2) return;
      races += 1;
      store.seed({ ...run, version: run.version + 1 });
    };
    expect(await claimAttempt(depsOf(store), OWN)).toMatchObject({ kind: 'claimed' });
    expect(races).toBe(2);
  });

  it('knows its own claim again when the answer to it was lost', async () => {
    const store = storeWith(startingRun());
    let lost = 0;
    store.onWritten = () => {
      lost += 1;
      throw new Named('TimeoutError');
    };
    expect(await claimAttempt(depsOf(store), OWN)).toMatchObject({
      kind: 'claimed',
      run: { claim: { taskArn: TASK } },
    });
    expect(lost).toBe(1);
  });

  it('is not carried out when the run was cancelled between a lost answer and the next look', async () => {
    const store = storeWith(startingRun());
    store.onWritten = (run) => {
      store.onWritten = () => {};
      store.seed({ ...run, version: run.version + 1, cancel: { by: 'ann', reason: 'no', at: NOW } });
      throw new Named('TimeoutError');
    };
    expect(await claimAttempt(depsOf(store), OWN)).toEqual({ kind: 'refused', reason: 'the run was cancelled by ann' });
  });

  it('waits for a store that is away, and gives up after two minutes', async () => {
    const store = storeWith(startingRun());
    const deps = depsOf(store);
    let calls = 0;
    store.onCall = () => {
      calls += 1;
      if (calls < 8) throw new Named('TimeoutError');
    };
    expect(await claimAttempt(deps, OWN)).toMatchObject({ kind: 'claimed' });

    store.onCall = () => {
      throw new Named('TimeoutError');
    };
    const before = deps.clock.monotonic();
    expect(await claimAttempt(deps, OWN)).toMatchObject({ kind: 'unavailable', error: { name: 'TimeoutError' } });
    expect(deps.clock.monotonic() - before).toBeGreaterThanOrEqual(120_000);
    expect(deps.clock.monotonic() - before).toBeLessThan(140_000);
  });

  it.each(['AccessDeniedException', 'ResourceNotFoundException'])('does not repeat what ends in %s', async (name) => {
    const store = storeWith(startingRun());
    let calls = 0;
    store.onCall = () => {
      calls += 1;
      throw new Named(name);
    };
    expect(await claimAttempt(depsOf(store), OWN)).toMatchObject({ kind: 'denied', error: { name } });
    expect(calls).toBe(1);
  });

  it('says so when there is no such run', async () => {
    expect(await claimAttempt(depsOf(new MemoryRunStore()), OWN)).toEqual({ kind: 'not-on-record' });
  });

  it('does not begin once the worker is asked to stop', async () => {
    const store = storeWith(startingRun());
    expect(await claimAttempt(depsOf(store, AbortSignal.abort()), OWN)).toEqual({ kind: 'interrupted' });
    expect(store.peek('run-1')).toEqual(startingRun());
  });
});
