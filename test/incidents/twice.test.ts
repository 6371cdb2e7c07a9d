import { describe, expect, it, vi } from 'vitest';
import { QueuedLauncher } from '../../src/agent/launch-queued.ts';
import { acceptMessage } from '../../src/runs/accept-message.ts';
import { recoverLaunch, TOKEN_TRUST_MS } from '../../src/runs/recover-launch.ts';
import { silentLog } from '../../src/service/log.ts';
import { IncidentWorld, stop } from './incident-world.ts';

const MINUTE_MS = 60_000;

describe('incidents in which work was done twice', () => {
  it('R2: a task that runs for a day and more is not taken for dead, and no second one is started', async () => {
    const world = new IncidentWorld();
    await world.launch();
    world.show('RUNNING');
    for (let minutes = 0; minutes < 26 * 60; minutes += 10) {
      world.clock.advance(10 * MINUTE_MS);
      expect((await world.look()).status).toBe('RUNNING');
    }
    expect(world.host.launches).toHaveLength(1);
    world.host.end(world.taskArn, 0);
    expect(await world.look()).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
  });

  it('R3: an agent that dies between the launch and its record leaves one task, which the next agent finds', async () => {
    const world = new IncidentWorld();
    world.store.onCall = (call) => {
      if (call.name === 'move' && call.to.status === 'STARTING') throw new Error('the agent dies here');
    };
    await expect(world.launch()).rejects.toThrow('the agent dies here');
    world.store.onCall = () => undefined;
    world.clock.advance(5 * MINUTE_MS);
    const found = await recoverLaunch(world.depsOf('agent-2'), world.launching(), stop);
    expect(found).toMatchObject({ status: 'STARTING', attempt: 1, task: { taskArn: world.taskArn } });
    expect(world.host.taskArns).toHaveLength(1);
    expect(world.host.launches).toHaveLength(2);
  });

  it('R4: an agent that starts again while a task runs watches it, and launches nothing', async () => {
    const world = new IncidentWorld();
    await world.launch();
    world.show('RUNNING');
    expect(await world.look()).toMatchObject({ status: 'RUNNING', attempt: 1 });
    expect(await world.store.queued(world.clock.now(), 10)).toEqual([]);
    world.host.end(world.taskArn, 0);
    expect((await world.look()).status).toBe('SUCCEEDED');
    expect(world.host.launches).toHaveLength(1);
  });

  it('R5: an agent that is slow but alive loses its launch to another one, and neither undoes what the other did', async () => {
    const world = new IncidentWorld();
    const launch = world.host.launch.bind(world.host);
    let goOn: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slowHost = Object.assign(Object.create(world.host), {
      launch: async (intent: Parameters<typeof launch>[0]) => {
        await paused;
        return launch(intent);
      },
    });
    const slow = world.launch(undefined, { ...world.depsOf('slow'), host: slowHost });
    await vi.waitFor(() => expect(world.run().status).toBe('LAUNCHING'));
    const watch = world.watcher('quick');
    await watch.scan();
    await watch.look(stop, true);
    expect(world.run().status).toBe('LAUNCHING');
    world.clock.advance(46_000);
    await watch.look(stop, true);
    expect(world.run()).toMatchObject({ status: 'STARTING', history: [{ by: 'slow' }, { by: 'quick' }] });
    const { version } = world.run();
    goOn();
    expect(await slow).toBeUndefined();
    expect(world.run()).toMatchObject({ status: 'STARTING', version });
    expect(world.host.taskArns).toHaveLength(1);
  });

  it('R33: a message that comes back while its task runs starts nothing, for it was never kept to wait for the task', async () => {
    const world = new IncidentWorld();
    const accept = { store: world.store, files: world.deps.files, bucket: undefined, now: () => 0, by: 'agent-1' };
    const message = { messageId: 'm', body: '{"flow":"etl"}', receipt: 'first', receiveCount: 1, sentAt: 0 };
    const { run } = await acceptMessage(accept, message);
    await world.launch(run);
    const again = await acceptMessage(accept, { ...message, receipt: 'second', receiveCount: 2 });
    expect(again).toMatchObject({ kind: 'accepted', isNew: false, run: { status: 'STARTING' } });
    expect(await offered(world, again.run)).toBe(0);
    expect(world.host.launches).toHaveLength(1);
  });

  it('R39: an agent that works with an old copy of the run loses the race, and starts no second task', async () => {
    const world = new IncidentWorld();
    const stale = await world.accept();
    await world.launch(stale);
    expect(await world.launch(stale, world.depsOf('agent-2'))).toBeUndefined();
    world.show('RUNNING');
    await world.look();
    expect(await world.launch(stale, world.depsOf('agent-3'))).toBeUndefined();
    expect(world.host.taskArns).toHaveLength(1);
    expect(world.host.launches).toHaveLength(1);
  });

  it('R45: a worker from which nothing is heard for hours, its agent draining, keeps its attempt while ECS says that it runs', async () => {
    const world = new IncidentWorld();
    await world.launch();
    world.show('RUNNING');
    await world.look();
    for (let hour = 0; hour < 5; hour += 1) {
      world.clock.advance(60 * MINUTE_MS);
      expect(await world.look()).toMatchObject({ status: 'RUNNING', attempt: 1 });
    }
    expect(world.host.stopped).toEqual([]);
    expect(world.host.launches).toHaveLength(1);
  });

  it('R46: two agents of one name on one queue, one of them forgotten by its supervisor, make one task', async () => {
    const world = new IncidentWorld();
    const run = await world.accept();
    const [first, orphan] = [world.depsOf('agent-1', 'process 1'), world.depsOf('agent-1', 'process 2')];
    const outcomes = await Promise.all([world.launch(run, first), world.launch(run, orphan)]);
    expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
    expect(world.host.taskArns).toHaveLength(1);
    world.host.nextOutcomes.push('lost-response');
    const second = await world.accept({ runId: 'run-2' });
    await world.launch(second, first);
    await Promise.all([
      recoverLaunch(first, world.launching('run-2'), stop),
      recoverLaunch(orphan, world.launching('run-2'), stop),
    ]);
    expect(world.host.taskArns).toHaveLength(2);
  });

  it('R9: a run that was claimed and never sent is sent by the next agent, and not stuck', async () => {
    const world = new IncidentWorld();
    const dying = Object.assign(Object.create(world.host), {
      launch: () => Promise.reject(new Error('the agent dies here')),
    });
    await expect(world.launch(undefined, { ...world.deps, host: dying })).rejects.toThrow('dies here');
    expect(world.run().status).toBe('LAUNCHING');
    const watch = world.watcher('agent-2');
    await watch.scan();
    await watch.look(stop, true);
    world.clock.advance(46_000);
    await watch.look(stop, true);
    expect(world.run()).toMatchObject({ status: 'STARTING', attempt: 1 });
  });

  it('R9: and when nobody comes for hours, it is fenced and its next attempt runs', async () => {
    const world = new IncidentWorld();
    const dying = Object.assign(Object.create(world.host), {
      launch: () => Promise.reject(new Error('the agent dies here')),
    });
    await expect(world.launch(undefined, { ...world.deps, host: dying })).rejects.toThrow('dies here');
    world.clock.advance(TOKEN_TRUST_MS + 1);
    const fenced = await recoverLaunch(world.depsOf('agent-2'), world.launching(), stop);
    expect(fenced).toMatchObject({ status: 'QUEUED', attempt: 2, attempts: [{ reason: { code: 'ATTEMPT_FENCED' } }] });
    expect(await world.launch(fenced)).toMatchObject({ status: 'STARTING', attempt: 2 });
  });
});

/** How many launches the launcher of queued runs begins when it is offered this run. */
async function offered(world: IncidentWorld, run: Parameters<QueuedLauncher['offer']>[0]): Promise<number> {
  const before = world.host.launches.length;
  const launcher = new QueuedLauncher({
    launch: world.deps,
    clock: world.clock,
    log: silentLog,
    onTrouble: () => undefined,
    room: () => 10,
    pace: { take: async () => undefined, giveBack: () => undefined },
    giveUp: stop,
    onLaunched: () => undefined,
    concurrency: 4,
    sweepMs: 1_000,
  });
  launcher.offer(run, stop);
  await launcher.settled();
  return world.host.launches.length - before;
}
