import { beforeEach, describe, expect, it } from 'vitest';
import { OrphanStopper } from '../../src/agent/stop-orphans.ts';
import type { ListedTask } from '../../src/core/task-host.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import { silentLog } from '../../src/service/log.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, stop } from '../runs/deps.ts';

let { clock, store, host, deps } = memoryDeps();
let listed: ListedTask[];

beforeEach(async () => {
  ({ clock, store, host, deps } = memoryDeps());
  const run = queuedRun();
  await store.accept(run);
  await launchRun(deps, run, stop);
  listed = [];
  host.runningTasks = async function* () {
    yield listed;
  };
});

function task(over: Partial<ListedTask>): ListedTask {
  return {
    taskArn: 'stray',
    startedBy: 'slipway/run-1/1',
    table: 'slipway',
    createdAt: clock.now() - 600_000,
    ...over,
  };
}

async function stoppedBySweep(...tasks: ListedTask[]): Promise<readonly string[]> {
  listed = tasks;
  const stopper = new OrphanStopper({ store, host, table: 'slipway', clock, log: silentLog });
  expect(await stopper.sweep('main', stop)).toBe(host.stopped.length);
  return host.stopped;
}

describe('the stopper of orphans', () => {
  it("leaves a live run's own task alone", async () => {
    expect(await stoppedBySweep(task({ taskArn: host.taskArns[0] ?? '' }))).toEqual([]);
  });

  it('stops a second task of an attempt', async () => {
    expect(await stoppedBySweep(task({}))).toEqual(['stray']);
  });

  it('stops a task of an attempt that is over, of a run that has ended, and of a run that nobody knows', async () => {
    await store.accept({
      ...queuedRun({ runId: 'done' }),
      status: 'FAILED',
      finishedAt: 1,
      reason: { code: 'EXIT_CODE', message: '' },
    } as never);
    const stopped = await stoppedBySweep(
      task({ taskArn: 'old-attempt', startedBy: 'slipway/run-1/7' }),
      task({ taskArn: 'of-ended', startedBy: 'slipway/done/1' }),
      task({ taskArn: 'of-nobody', startedBy: 'slipway/unknown/1' }),
    );
    expect(stopped).toEqual(['old-attempt', 'of-ended', 'of-nobody']);
  });

  it.each([
    ["another table's task", { table: 'other' }],
    ['a task that tells no table', { table: undefined }],
    ["a service's task", { startedBy: 'ecs-svc/1' }],
    ['a task that has only just started', { createdAt: 1_800_000_000_000 - 1_000 }],
    ['a task of unknown age', { createdAt: undefined }],
  ])('leaves %s alone', async (_, over) => {
    expect(await stoppedBySweep(task({ startedBy: 'slipway/unknown/1', ...over } as Partial<ListedTask>))).toEqual([]);
  });
});
