import { beforeEach, describe, expect, it } from 'vitest';
import { QueuedLauncher } from '../../src/agent/launch-queued.ts';
import { observeRuns } from '../../src/runs/observe-runs.ts';
import { silentLog } from '../../src/service/log.ts';
import { queuedRun, runRequest } from '../fakes/runs.ts';
import { memoryDeps, stop } from '../runs/deps.ts';

let { clock, store, host, deps } = memoryDeps();
let room: number;
let watched: string[];
let calls: number;

beforeEach(() => {
  ({ clock, store, host, deps } = memoryDeps());
  room = 100;
  watched = [];
  calls = 0;
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

/** Sets a limit for the flow `hello`. */
function limit(places: number): void {
  const { planner } = deps;
  deps = {
    ...deps,
    planner: async (run) => {
      const planned = await planner(run);
      const isLimited = run.request.flow === 'hello' && planned !== 'not-ours' && planned.ok;
      const slots = [{ key: 'flow/hello', limit: places }];
      return isLimited ? { ...planned, value: { ...planned.value, slots } } : planned;
    },
  };
  store.onCall = (call) => {
    if (call.name === 'move') calls += 1;
  };
}

async function swept(launch: QueuedLauncher): Promise<void> {
  await launch.sweep(stop);
  await launch.settled();
}

async function waitingRuns() {
  const runs = await store.getMany(Array.from({ length: 10 }, (_, i) => `run-${i}`));
  return runs.filter((run) => run.status === 'QUEUED' && run.waiting?.code === 'LIMIT_REACHED');
}

/** Lets the task of a run end, and an agent see it. */
async function end(startedBy = ''): Promise<void> {
  const run = await store.get(startedBy.split('/')[1] ?? '');
  if (run?.status !== 'STARTING') throw new Error(`the run is ${run?.status}`);
  host.end(run.task.taskArn, 0);
  await observeRuns(deps, [run], () => {}, stop);
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

  it('asks once for a crowd under a full limit, and leaves all of it alone for a while', async () => {
    limit(1);
    await accept(10);
    const launch = launcher();
    for (let i = 0; i < 5; i += 1) await swept(launch);
    const claims = calls;
    expect(host.launches).toHaveLength(1);
    await swept(launch);
    expect(calls).toBe(claims);
  });

  it('launches the next run as soon as a place is free', async () => {
    limit(1);
    await accept(3);
    const launch = launcher();
    const ending = new AbortController();
    const service = launch.run(ending.signal);
    await expect.poll(() => host.launches.length).toBe(1);
    await expect.poll(async () => (await waitingRuns()).length).toBe(2);
    await end(host.launches[0]?.request.startedBy);
    launch.freed(['flow/hello']);
    await expect.poll(() => host.launches.length).toBe(2);
    ending.abort();
    await service;
  });

  it('looks again by itself for places that others have freed', async () => {
    limit(1);
    await accept(2);
    const launch = launcher();
    for (let i = 0; i < 2; i += 1) await swept(launch);
    await end(host.launches[0]?.request.startedBy);
    clock.advance(15_000);
    await swept(launch);
    expect(host.launches).toHaveLength(2);
  });

  it('keeps the order of those that wait: priority first, then age', async () => {
    limit(1);
    await store.accept(queuedRun({ runId: 'holder' }));
    const launch = launcher();
    await swept(launch);
    const priority = (value: number) => runRequest({ priority: value });
    await store.accept(queuedRun({ runId: 'young', notBefore: 3 }));
    await store.accept(queuedRun({ runId: 'old', notBefore: 1 }));
    await store.accept(queuedRun({ runId: 'urgent', notBefore: 9, request: priority(5) }));
    await swept(launch);
    const order = ['holder'];
    for (let i = 0; i < 3; i += 1) {
      await end(host.launches.at(-1)?.request.startedBy);
      launch.freed(['flow/hello']);
      await swept(launch);
      order.push(host.launches.at(-1)?.request.startedBy.split('/')[1] ?? '');
    }
    expect(order).toEqual(['holder', 'urgent', 'old', 'young']);
  });

  it('launches other flows past a crowd that waits for a limit', async () => {
    limit(1);
    await accept(500);
    await store.accept(queuedRun({ runId: 'other', request: runRequest({ flow: 'other' }) }));
    const launch = launcher();
    await swept(launch);
    expect((await store.get('other'))?.status).toBe('STARTING');
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
