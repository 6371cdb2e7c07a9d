import { beforeEach, describe, expect, it } from 'vitest';
import { QueuedLauncher } from '../../src/agent/launch-queued.ts';
import { silentLog } from '../../src/service/log.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, stop } from '../runs/deps.ts';

let { clock, store, host, deps } = memoryDeps();
let room: number;
let watched: string[];

beforeEach(() => {
  ({ clock, store, host, deps } = memoryDeps());
  room = 100;
  watched = [];
});

function launcher(): QueuedLauncher {
  return new QueuedLauncher({
    launch: deps,
    clock,
    log: silentLog,
    onTrouble: () => {},
    pace: { take: async () => {}, giveBack: () => {} },
    giveUp: stop,
    room: () => room,
    onLaunched: (runId) => watched.push(runId),
    concurrency: 4,
    sweepMs: 1_000,
  });
}

async function accept(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await store.accept(queuedRun({ runId: `run-${i}` }));
}

describe('the launcher of queued runs', () => {
  it('finds what nobody offered', async () => {
    await accept(10);
    const launch = launcher();
    await launch.sweep(stop);
    await launch.settled();
    expect(watched).toHaveLength(10);
    expect(host.taskArns).toHaveLength(10);
  });

  it('launches no more than there is room for', async () => {
    await accept(10);
    room = 3;
    const launch = launcher();
    await launch.sweep(stop);
    await launch.settled();
    expect(host.taskArns).toHaveLength(3);
  });

  it('launches a run once that is offered twice', async () => {
    const run = queuedRun();
    await store.accept(run);
    const launch = launcher();
    launch.offer(run, stop);
    launch.offer(run, stop);
    await launch.settled();
    expect(host.launches).toHaveLength(1);
  });

  it('leaves a run alone until its time has come', async () => {
    const run = queuedRun({ notBefore: clock.now() + 1_000 });
    await store.accept(run);
    const launch = launcher();
    launch.offer(run, stop);
    await launch.sweep(stop);
    expect(launch.inHand).toBe(0);
    clock.advance(1_000);
    await launch.sweep(stop);
    await launch.settled();
    expect(host.launches).toHaveLength(1);
  });

  it('does not plan a run again and again that wants another agent', async () => {
    let plans = 0;
    deps = {
      ...deps,
      planner: async () => {
        plans += 1;
        return 'not-ours';
      },
    };
    await accept(1);
    const launch = launcher();
    for (let i = 0; i < 5; i += 1) {
      await launch.sweep(stop);
      await launch.settled();
    }
    expect(plans).toBe(1);
    expect(watched).toEqual([]);
  });

  it('goes on after a launch that failed unexpectedly', async () => {
    await accept(2);
    store.onCall = (call) => {
      if (call.name === 'move' && call.runId === 'run-0') throw new Error('DynamoDB is away');
    };
    const launch = launcher();
    await launch.sweep(stop);
    await launch.settled();
    expect(watched).toEqual(['run-1']);
  });

  it('puts a run back whose launch could not be prepared, and says what it waits for', async () => {
    deps = {
      ...deps,
      planner: async () => {
        throw new Error('S3 is away');
      },
    };
    await accept(1);
    const launch = launcher();
    await launch.sweep(stop);
    await launch.settled();
    expect(await store.get('run-0')).toMatchObject({
      status: 'QUEUED',
      notBefore: clock.now() + 15_000,
      waiting: { code: 'AGENT_NOT_READY', evidence: 'Error: S3 is away' },
    });
  });

  it('begins no launch any more once it is asked to stop, and finishes those in hand', async () => {
    await accept(10);
    const ending = new AbortController();
    const launch = launcher();
    host.launch = async (intent) => {
      ending.abort();
      return { kind: 'launched', taskArn: host.startTask(intent) };
    };
    const service = launch.run(ending.signal);
    await service;
    const runs = await store.getMany(Array.from({ length: 10 }, (_, i) => `run-${i}`));
    expect(runs.filter(({ status }) => status === 'LAUNCHING')).toEqual([]);
    expect(runs.filter(({ status }) => status === 'QUEUED').length).toBeGreaterThan(0);
    expect(runs.filter(({ status }) => status === 'STARTING').length).toBeGreaterThan(0);
  });
});
