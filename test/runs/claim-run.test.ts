import { beforeEach, describe, expect, it } from 'vitest';
import type { FlowRun, QueuedRun } from '../../src/core/run.ts';
import type { Slot } from '../../src/core/slots.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import { observeRuns } from '../../src/runs/observe-runs.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, stop } from './deps.ts';

let { clock, store, host, deps } = memoryDeps();
let slots: readonly Slot[];

beforeEach(() => {
  ({ clock, store, host, deps } = memoryDeps());
  slots = [{ key: 'flow/hello', limit: 1 }];
  const { planner } = deps;
  deps = {
    ...deps,
    planner: async (run) => {
      const planned = await planner(run);
      return planned === 'not-ours' || !planned.ok ? planned : { ...planned, value: { ...planned.value, slots } };
    },
  };
});

async function launched(runId: string): Promise<FlowRun | 'not-ours' | undefined> {
  const run = queuedRun({ runId });
  await store.accept(run);
  return launchRun(deps, run, stop);
}

async function queued(runId: string): Promise<QueuedRun> {
  const run = await store.get(runId);
  if (run?.status !== 'QUEUED') throw new Error(`the run is ${run?.status}`);
  return run;
}

/** Lets the task of a run end, and an agent see it. */
async function end(runId: string): Promise<void> {
  const run = await store.get(runId);
  if (run?.status !== 'STARTING') throw new Error(`the run is ${run?.status}`);
  host.end(run.task.taskArn, 0);
  await observeRuns(deps, [run], () => {}, stop);
}

describe('a launch under a limit', () => {
  it('holds a place until the run has ended', async () => {
    await launched('first');
    expect(await store.slotHolders('flow/hello')).toEqual(['first']);
    await end('first');
    expect(await store.slotHolders('flow/hello')).toEqual([]);
  });

  it('waits without a place, says for what, and uses up no attempt', async () => {
    await launched('first');
    expect(await launched('second')).toMatchObject({
      status: 'QUEUED',
      attempt: 1,
      slots,
      waiting: {
        code: 'LIMIT_REACHED',
        message: 'The limit flow/hello allows 1 at once.',
        evidence: '1 of 1 in use: first',
      },
    });
    expect(host.launches).toHaveLength(1);
  });

  it('is written once however often it is tried in vain', async () => {
    await launched('first');
    await launched('second');
    const { version } = await queued('second');
    await launchRun(deps, await queued('second'), stop);
    expect(await queued('second')).toMatchObject({ version });
  });

  it('begins once a place is free', async () => {
    await launched('first');
    await launched('second');
    await end('first');
    expect(await launchRun(deps, await queued('second'), stop)).toMatchObject({ status: 'STARTING' });
    expect(await store.slotHolders('flow/hello')).toEqual(['second']);
  });

  it('goes by the limit as it is now', async () => {
    await launched('first');
    await launched('second');
    slots = [{ key: 'flow/hello', limit: 2 }];
    expect(await launchRun(deps, await queued('second'), stop)).toMatchObject({ status: 'STARTING' });
  });

  it('gives its place back while it waits for capacity, and for the next attempt', async () => {
    host.nextOutcomes.push({
      kind: 'not-placed',
      reason: { code: 'NOT_PLACED', message: 'no capacity' },
      needsLookUp: false,
    });
    expect(await launched('first')).toMatchObject({ status: 'QUEUED', slots });
    expect(await store.slotHolders('flow/hello')).toEqual([]);
  });

  it('keeps its place over a cancel until the task has stopped', async () => {
    await launched('first');
    await cancelRun(store, { runId: 'first', by: 'ada', reason: 'no need', now: clock.now() });
    expect(await store.slotHolders('flow/hello')).toEqual(['first']);
  });

  it('gets a place back that a deleted record has left behind, at once', async () => {
    await launched('first');
    store.forget('first');
    expect(await launched('second')).toMatchObject({ status: 'STARTING' });
    expect(await store.slotHolders('flow/hello')).toEqual(['second']);
  });

  it('looks for places left behind once a minute, not at every launch', async () => {
    await launched('first');
    await launched('second');
    store.forget('first');
    expect(await launched('third')).toMatchObject({ status: 'QUEUED' });
    clock.advance(60_000);
    expect(await launchRun(deps, await queued('third'), stop)).toMatchObject({ status: 'STARTING' });
  });
});
