import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PACE } from '../../src/agent/agent-pace.ts';
import { RunWatcher } from '../../src/agent/watch-runs.ts';
import { nextFacts } from '../../src/core/next-facts.ts';
import type { FinishedRun, FlowRun, StartingRun } from '../../src/core/run.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import { silentLog } from '../../src/service/log.ts';
import { ALL_SHARDS } from '../fakes/all-shards.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, stop } from '../runs/deps.ts';

const NONE = { ...ALL_SHARDS, shards: [], watches: () => false };

let { clock, store, host, deps } = memoryDeps();
let queuedAgain: FlowRun[];
let freed: string[];
let beingLaunched: Set<string>;

beforeEach(() => {
  ({ clock, store, host, deps } = memoryDeps());
  queuedAgain = [];
  freed = [];
  beingLaunched = new Set();
});

function watcher({ by = 'agent-1', instance = 'instance-1', shards = ALL_SHARDS } = {}): RunWatcher {
  return new RunWatcher({
    store,
    recover: { ...deps, by, instance },
    clock,
    log: silentLog,
    onTrouble: () => {},
    shards,
    isBeingLaunched: (runId) => beingLaunched.has(runId),
    onQueued: (run) => queuedAgain.push(run),
    onFreed: (keys) => freed.push(...keys),
    pace: DEFAULT_PACE,
  });
}

async function launched(lostResponse = false): Promise<void> {
  if (lostResponse) host.nextOutcomes.push('lost-response');
  const run = queuedRun();
  await store.accept(run);
  await launchRun(deps, run, stop);
}

async function status(): Promise<string | undefined> {
  return (await store.get('run-1'))?.status;
}

describe('the watcher of runs in flight', () => {
  it('finds what an agent before it has launched, and settles it', async () => {
    await launched();
    const watch = watcher({ instance: 'after a restart' });
    await watch.scan();
    host.end(host.taskArns[0] ?? '', 0);
    await watch.look(stop, true);
    expect(await status()).toBe('SUCCEEDED');
    expect(watch.size).toBe(0);
  });

  it('asks for a hundred tasks in a call, and looks at the others where one call fails', async () => {
    for (let i = 0; i < 250; i += 1) {
      const run = queuedRun({ runId: `run-${i}` });
      await store.accept(run);
      await launchRun(deps, run, stop);
    }
    const asked: number[] = [];
    const observe = host.observe.bind(host);
    host.observe = async (cluster, arns) => {
      asked.push(arns.length);
      if (asked.length === 2) throw new Error('ECS is away');
      return observe(cluster, arns);
    };
    for (const arn of host.taskArns) host.end(arn, 0);
    const watch = watcher();
    await watch.scan();
    await watch.look(stop, true);
    expect(asked.sort((a, b) => a - b)).toEqual([50, 100, 100]);
    expect(watch.size).toBe(100);
  });

  it('looks at an adopted run by its own age', async () => {
    await launched();
    clock.advance(10 * 60_000);
    let looks = 0;
    const observe = host.observe.bind(host);
    host.observe = async (cluster, arns) => {
      looks += 1;
      return observe(cluster, arns);
    };
    const watch = watcher({ instance: 'after a restart' });
    await watch.scan();
    for (let second = 0; second < 60; second += 1) {
      clock.advance(1_000);
      await watch.look(stop);
    }
    expect(looks).toBeLessThanOrEqual(3);
  });

  it('looks at a run soon after its launch, and later less often', async () => {
    await launched();
    const looks: number[] = [];
    const observe = host.observe.bind(host);
    host.observe = async (cluster, arns) => {
      looks.push(clock.now());
      return observe(cluster, arns);
    };
    const watch = watcher();
    watch.add('run-1');
    const began = clock.now();
    for (let second = 0; second < 120; second += 1) {
      clock.advance(1_000);
      await watch.look(stop);
    }
    const gaps = looks.map((at, index) => at - (looks[index - 1] ?? began));
    expect(gaps[0]).toBe(2_000);
    expect(Math.max(...gaps)).toBeGreaterThan(10_000);
    expect(looks.length).toBeLessThan(25);
  });

  it('repeats its own unclear launch at once', async () => {
    await launched(true);
    const watch = watcher();
    watch.add('run-1');
    await watch.look(stop, true);
    expect(await status()).toBe('STARTING');
    expect(host.taskArns).toHaveLength(1);
  });

  it('keeps its hands off a launch that is under way in this process', async () => {
    await launched(true);
    beingLaunched.add('run-1');
    const watch = watcher();
    watch.add('run-1');
    await watch.look(stop, true);
    expect(await status()).toBe('LAUNCHING');
  });

  it("brings on another agent's launch only when it has not moved for a whole lease", async () => {
    await expectTakeOverAfter(deps.leaseMs, watcher({ by: 'agent-2', instance: 'instance-2' }));
  });

  it('brings on its own launch from before a restart within seconds', async () => {
    await expectTakeOverAfter(3_000, watcher({ instance: 'after a restart' }));
  });

  it('gives the room of a run that waits for capacity to others, and asks for its next placement when that is due', async () => {
    const reason = { code: 'NOT_PLACED', message: 'no capacity' } as const;
    host.nextOutcomes.push({ kind: 'not-placed', reason, needsLookUp: true });
    await launched();
    const watch = watcher();
    watch.add('run-1', true);
    await watch.look(stop, true);
    expect([watch.size, watch.ownSize, await status()]).toEqual([1, 0, 'LAUNCHING']);
    clock.advance(20_000);
    await watch.look(stop, true);
    expect(queuedAgain).toMatchObject([{ runId: 'run-1', status: 'QUEUED', attempt: 1, placement: 1 }]);
  });

  it("leaves runs of other agents' shards to them", async () => {
    await launched();
    const watch = watcher({ by: 'agent-2', instance: 'instance-2', shards: NONE });
    await watch.scan();
    expect(watch.size).toBe(0);
  });

  it('looks at a run of its own launch early, then leaves it to whoever watches its shard, and still counts it', async () => {
    await launched();
    const looks: number[] = [];
    const observe = host.observe.bind(host);
    host.observe = async (cluster, arns) => {
      looks.push(clock.now());
      return observe(cluster, arns);
    };
    const watch = watcher({ shards: NONE });
    watch.add('run-1', true);
    const began = clock.now();
    for (let second = 0; second < 300; second += 1) {
      clock.advance(1_000);
      await watch.look(stop);
    }
    expect(looks.length).toBeGreaterThan(3);
    expect(Math.max(...looks) - began).toBeLessThanOrEqual(60_000);
    expect(watch.ownSize).toBe(1);
    const run = await store.get('run-1');
    if (run?.status === 'STARTING') await store.move(run, { ...ended(run) });
    clock.advance(60_000);
    await watch.look(stop);
    expect(watch.ownSize).toBe(0);
  });

  it('looks once at a run that it is told about, whoever watches its shard', async () => {
    await launched();
    const watch = watcher({ by: 'agent-2', instance: 'instance-2', shards: NONE });
    host.end(host.taskArns[0] ?? '', 0);
    watch.hint('run-1');
    await watch.look(stop);
    expect(await status()).toBe('SUCCEEDED');
  });

  it('drops the runs of a shard that has passed to another agent', async () => {
    await launched();
    const mine = { ...ALL_SHARDS };
    const watch = watcher({ by: 'agent-2', instance: 'instance-2', shards: mine });
    await watch.scan();
    expect(watch.size).toBe(1);
    Object.assign(mine, NONE);
    await watch.scan();
    expect(watch.size).toBe(0);
  });

  it('reads again at once when a shard comes to it while it reads', async () => {
    await launched();
    const mine = { ...NONE };
    const watch = watcher({ by: 'agent-2', instance: 'instance-2', shards: mine });
    mine.watches = () => {
      Object.assign(mine, ALL_SHARDS);
      watch.scanSoon();
      return false;
    };
    const end = new AbortController();
    const ended = watch.run(end.signal);
    for (let round = 0; round < 5; round += 1) {
      await new Promise((next) => setImmediate(next));
      clock.advance(DEFAULT_PACE.roundMs);
    }
    expect(watch.size).toBe(1);
    end.abort();
    await ended;
  });

  it('brings on a launch at once whose agent is known to be dead', async () => {
    await launched(true);
    const shards = { ...ALL_SHARDS, isGone: (instance: string) => instance === 'instance-1' };
    const watch = watcher({ by: 'agent-2', instance: 'instance-2', shards });
    await watch.scan();
    await watch.look(stop, true);
    expect(await status()).toBe('STARTING');
    expect(host.taskArns).toHaveLength(1);
  });

  it('tells which limits have a place again', async () => {
    const { planner } = deps;
    deps = {
      ...deps,
      planner: async (run) => {
        const planned = await planner(run);
        const slots = [{ key: 'flow/hello', limit: 1 }];
        return planned === 'not-ours' || !planned.ok ? planned : { ...planned, value: { ...planned.value, slots } };
      },
    };
    await launched();
    const watch = watcher();
    watch.add('run-1');
    host.end(host.taskArns[0] ?? '', 0);
    await watch.look(stop, true);
    expect(freed).toEqual(['flow/hello']);
  });

  it('hands back a run that is to be tried again', async () => {
    await launched();
    const watch = watcher();
    watch.add('run-1');
    const taskArn = host.taskArns[0] ?? '';
    const task = { taskArn, lastStatus: 'STOPPED', stopCode: 'SpotInterruption', containers: [] };
    host.observations.set(taskArn, { kind: 'stopped', task });
    await watch.look(stop, true);
    expect(queuedAgain).toMatchObject([{ runId: 'run-1', status: 'QUEUED', attempt: 2 }]);
  });
});

function ended(run: StartingRun): FinishedRun {
  const reason = { code: 'SUCCEEDED', message: 'done' } as const;
  const finishedAt = clock.now();
  return { ...nextFacts(run, 'SUCCEEDED', finishedAt, 'agent-9', reason), status: 'SUCCEEDED', finishedAt, reason };
}

async function expectTakeOverAfter(ms: number, watch: RunWatcher): Promise<void> {
  await launched(true);
  await watch.scan();
  await watch.look(stop, true);
  clock.advance(ms - 1);
  await watch.look(stop, true);
  expect(await status()).toBe('LAUNCHING');
  clock.advance(1);
  await watch.look(stop, true);
  expect(await status()).toBe('STARTING');
  expect(host.taskArns).toHaveLength(1);
}
