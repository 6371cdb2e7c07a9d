import { describe, expect, it } from 'vitest';
import { OrphanStopper } from '../../src/agent/stop-orphans.ts';
import type { ListedTask } from '../../src/core/task-host.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { silentLog } from '../../src/service/log.ts';
import { IncidentWorld, stop } from './incident-world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe('incidents in which a task was left running, or never came to run', () => {
  it('R7: a run that times out ends only when its task has stopped, and stopping is asked for until then', async () => {
    const world = new IncidentWorld({ runTimeoutMs: MINUTE_MS });
    await world.launch();
    world.show('RUNNING');
    await world.look();
    world.clock.advance(2 * MINUTE_MS);
    expect((await world.look()).status).toBe('RUNNING');
    expect((await world.look()).status).toBe('RUNNING');
    expect(world.host.stopped).toEqual([world.taskArn, world.taskArn]);
    world.host.end(world.taskArn, 143);
    expect(await world.look()).toMatchObject({ status: 'FAILED', reason: { code: 'RUN_TIMEOUT' } });
  });

  it('R7: what runs for a run that has ended all the same is stopped as an orphan', async () => {
    const world = new IncidentWorld();
    await world.launch();
    world.host.end(world.taskArn, 1);
    expect((await world.look()).status).toBe('FAILED');
    await sweepOrphans(world, { taskArn: 'twin', startedBy: 'slipway/run-1/1' });
    expect(world.host.stopped).toEqual(['twin']);
  });

  it('R17: a task that is stuck before it starts is stopped in time, and the next attempt runs', async () => {
    const world = new IncidentWorld();
    await world.launch();
    world.clock.advance(14 * MINUTE_MS);
    expect((await world.look()).status).toBe('STARTING');
    expect(world.host.stopped).toEqual([]);
    world.clock.advance(2 * MINUTE_MS);
    await world.look();
    expect(world.host.stopped).toEqual([world.taskArn]);
    world.show('STOPPED', { stopCode: 'UserInitiated', containers: [] });
    const again = await world.look();
    expect(again).toMatchObject({ status: 'QUEUED', attempt: 2, waiting: { code: 'START_TIMEOUT' } });
    world.clock.advance(MINUTE_MS);
    expect(await world.launch(again)).toMatchObject({ status: 'STARTING', attempt: 2 });
  });

  it('R21: an agent that has been up for a month cancels as on its first day, and does not give up when StopTask fails', async () => {
    const world = new IncidentWorld();
    const watch = world.watcher();
    for (let day = 0; day < 30; day += 1) {
      await world.launch(await world.accept({ runId: `run-of-day-${day}` }));
      world.host.end(world.taskArn, 0);
      await watch.scan();
      world.clock.advance(DAY_MS);
      await watch.look(stop, true);
    }
    await world.launch();
    world.show('RUNNING');
    await watch.scan();
    await cancelRun(world.store, { runId: 'run-1', by: 'ann', reason: 'wrong date', now: world.clock.now() });
    const stopTask = world.host.stopTask.bind(world.host);
    world.host.stopTask = () => Promise.reject(new Error('Rate exceeded'));
    for (let round = 0; round < 3; round += 1) await watch.look(stop, true);
    expect(world.run()).toMatchObject({ status: 'STARTING', cancel: { by: 'ann' } });
    world.host.stopTask = stopTask;
    await watch.look(stop, true);
    expect(world.host.stopped).toEqual([world.taskArn]);
    world.show('STOPPED', { stopCode: 'UserInitiated', containers: [{ name: 'flow', exitCode: 143 }] });
    await watch.look(stop, true);
    expect(world.run()).toMatchObject({ status: 'CANCELLED', reason: { code: 'CANCELLED' } });
  });

  it('R22: a run whose task is not on record yet can be cancelled: the task is found by its name and stopped', async () => {
    const world = new IncidentWorld();
    world.host.nextOutcomes.push('lost-response');
    await world.launch();
    await cancelRun(world.store, { runId: 'run-1', by: 'ann', reason: 'wrong date', now: world.clock.now() });
    const watch = world.watcher('agent-2');
    await watch.scan();
    await watch.look(stop, true);
    world.clock.advance(46_000);
    await watch.look(stop, true);
    await watch.look(stop, true);
    expect(world.host.stopped).toEqual([world.taskArn]);
    world.show('STOPPED', { stopCode: 'UserInitiated', containers: [] });
    await watch.look(stop, true);
    expect(world.run().status).toBe('CANCELLED');
    expect(world.host.launches).toHaveLength(1);
  });

  it('R40: the task of a run whose record was deleted is stopped, and watching it ends', async () => {
    const world = new IncidentWorld();
    await world.launch();
    const watch = world.watcher();
    await watch.scan();
    expect(watch.size).toBe(1);
    world.store.forget('run-1');
    await watch.look(stop, true);
    expect(watch.size).toBe(0);
    await sweepOrphans(world, { taskArn: world.taskArn, startedBy: 'slipway/run-1/1' });
    expect(world.host.stopped).toEqual([world.taskArn]);
  });

  it('R47: a task that never ends is stopped when its flow says so, though ECS itself would let it run for ever', async () => {
    const world = new IncidentWorld({ runTimeoutMs: 60 * MINUTE_MS });
    await world.launch();
    world.show('PROVISIONING');
    world.clock.advance(10 * MINUTE_MS);
    await world.look();
    world.show('RUNNING');
    await world.look();
    world.clock.advance(59 * MINUTE_MS);
    await world.look();
    expect(world.host.stopped).toEqual([]);
    world.clock.advance(2 * MINUTE_MS);
    await world.look();
    expect(world.host.stopped).toEqual([world.taskArn]);
  });
});

async function sweepOrphans(world: IncidentWorld, task: ListedTask): Promise<void> {
  const createdAt = world.clock.now() - 10 * MINUTE_MS;
  world.host.runningTasks = async function* () {
    yield [{ table: 'slipway', createdAt, ...task }];
  };
  const { store, host, clock } = world;
  await new OrphanStopper({ clock, log: silentLog, store, host, table: 'slipway' }).sweep('main', stop);
}
