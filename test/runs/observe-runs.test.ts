import { beforeEach, describe, expect, it } from 'vitest';
import type { FlowRun, QueuedRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import { observeRuns, type WatchedRun } from '../../src/runs/observe-runs.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, stop } from './deps.ts';

const retries = { ...DEFAULT_POLICY.retries, FAILED: { max: 1, delayMs: 1_000, backoff: 1, maxDelayMs: 1_000 } };
let { clock, store, host, deps } = memoryDeps();
let troubles: unknown[] = [];

beforeEach(async () => {
  ({ clock, store, host, deps } = memoryDeps({ ...DEFAULT_POLICY, retries }));
  troubles = [];
  const run = queuedRun();
  await store.accept(run);
  await launchRun(deps, run, stop);
});

async function observe(): Promise<FlowRun | undefined> {
  const run = await store.get('run-1');
  const watched: WatchedRun[] = run?.status === 'STARTING' || run?.status === 'RUNNING' ? [run] : [];
  await observeRuns(deps, watched, (error) => troubles.push(error), stop);
  return store.get('run-1');
}

function taskArn(): string {
  return host.taskArns.at(-1) ?? '';
}

describe('a run in flight', () => {
  it('is SUCCEEDED when its named container has ended with 0', async () => {
    host.end(taskArn(), 0);
    expect(await observe()).toMatchObject({
      status: 'SUCCEEDED',
      exitCode: 0,
      attempts: [{ attempt: 1, status: 'SUCCEEDED' }],
    });
  });

  it('is tried again as its flow wants, and then FAILED', async () => {
    host.end(taskArn(), 3);
    const again = await observe();
    expect(again).toMatchObject({ status: 'QUEUED', attempt: 2, attempts: [{ retriedAs: 'FAILED', exitCode: 3 }] });
    clock.advance(1_000);
    await launchRun(deps, again as QueuedRun, stop);
    host.end(taskArn(), 4);
    expect(await observe()).toMatchObject({ status: 'FAILED', exitCode: 4, attempt: 2, reason: { code: 'EXIT_CODE' } });
    expect(host.taskArns).toHaveLength(2);
  });

  it('keeps the whole last word of ECS on its attempt', async () => {
    host.end(taskArn(), 0);
    expect(await observe()).toMatchObject({ attempts: [{ observation: { stopCode: 'EssentialContainerExited' } }] });
  });

  it('that is cancelled has its task stopped, and ends when the task has', async () => {
    await cancelRun(store, { runId: 'run-1', by: 'ann', reason: 'wrong date', now: clock.now() });
    await observe();
    expect(host.stopped).toEqual([taskArn()]);
    expect((await store.get('run-1'))?.status).toBe('STARTING');
    host.end(taskArn(), 143);
    expect(await observe()).toMatchObject({ status: 'CANCELLED', attempt: 1 });
  });

  it('stays as it is while ECS cannot be asked', async () => {
    host.observe = async () => {
      throw new Error('503');
    };
    clock.advance(5 * 3_600_000);
    expect(await observe()).toMatchObject({ status: 'STARTING' });
    expect(troubles).toHaveLength(1);
  });

  it('is stopped and tried again when it has not begun in time', async () => {
    clock.advance(DEFAULT_POLICY.startTimeoutMs + 1);
    expect(await observe()).toMatchObject({ status: 'STARTING', stopping: { reason: { code: 'START_TIMEOUT' } } });
    expect(host.stopped).toEqual([taskArn()]);
    host.end(taskArn(), 137);
    expect(await observe()).toMatchObject({ status: 'QUEUED', attempt: 2, attempts: [{ retriedAs: 'CRASHED' }] });
  });
});
