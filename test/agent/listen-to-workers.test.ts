import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PACE } from '../../src/agent/agent-pace.ts';
import { WorkerListener } from '../../src/agent/listen-to-workers.ts';
import { RunWatcher } from '../../src/agent/watch-runs.ts';
import { claimStart } from '../../src/core/claim-start.ts';
import { ok } from '../../src/core/result.ts';
import { launchRun } from '../../src/runs/launch-run.ts';
import { silentLog } from '../../src/service/log.ts';
import { ALL_SHARDS } from '../fakes/all-shards.ts';
import { MemoryRunDetails } from '../fakes/memory-run-details.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, planOf, stop } from '../runs/deps.ts';

let { clock, store, host, deps } = memoryDeps();
let details: MemoryRunDetails;
let watcher: RunWatcher;
let reads: number;

beforeEach(async () => {
  ({ clock, store, host, deps } = memoryDeps());
  details = new MemoryRunDetails();
  reads = 0;
  details.onRead = () => {
    reads += 1;
  };
  watcher = new RunWatcher({
    store,
    recover: deps,
    clock,
    log: silentLog,
    onTrouble: () => {},
    shards: ALL_SHARDS,
    workers: new WorkerListener({ details: () => details, clock, now: () => clock.now() }),
    isBeingLaunched: () => false,
    onQueued: () => {},
    onFreed: () => {},
    pace: DEFAULT_PACE,
  });
  const { policy } = { policy: { retries: { FAILED: RULE, CRASHED: { ...RULE, max: 1 } }, startTimeoutMs: 900_000 } };
  const run = queuedRun();
  await store.accept(run);
  await launchRun({ ...deps, planner: async (one) => ok({ plan: planOf(one, { worker: true }), policy }) }, run, stop);
  await claim();
});

const RULE = { max: 0, delayMs: 0, backoff: 1, maxDelayMs: 0 };
const taskArn = () => host.taskArns[0] ?? '';

/** The worker's first word. */
async function claim(): Promise<void> {
  const run = await store.get('run-1');
  const claimed = run && claimStart(run, { taskArn: taskArn(), attempt: 1, now: clock.now() });
  if (run === undefined || !claimed?.ok) throw new Error('the worker may claim');
  await store.move(run, claimed.value);
}

async function beat(count: number): Promise<void> {
  await details.putHeartbeat('run-1', { attempt: 1, taskArn: taskArn(), count, at: 0 });
}

/** Looks every 30 seconds, as agents do; `each` happens before each look. */
async function minutes(count: number, each: (look: number) => Promise<void> = async () => {}): Promise<void> {
  for (let look = 0; look < count * 2; look += 1) {
    clock.advance(30_000);
    await each(look);
    await watcher.scan();
    await watcher.look(stop, true);
  }
}

describe('a worker that an agent listens to', () => {
  it('runs on as long as it gives signs of life', async () => {
    await minutes(30, (look) => beat(look));
    expect((await store.get('run-1'))?.status).toBe('RUNNING');
    expect(host.stopped).toEqual([]);
  });

  it('is stopped when it was silent for six minutes though its task runs, and is tried again once ECS says it has stopped', async () => {
    await beat(1);
    await minutes(6);
    expect(host.stopped).toEqual([]);
    await minutes(3);
    expect(host.stopped).toContain(taskArn());
    expect(await store.get('run-1')).toMatchObject({ status: 'RUNNING', attempt: 1 });
    host.end(taskArn(), 137);
    await minutes(1);
    const run = await store.get('run-1');
    expect(run).toMatchObject({ status: 'QUEUED', attempt: 2 });
    expect(run?.attempts[0]?.reason).toMatchObject({ code: 'WORKER_SILENT' });
  });

  it('is not judged by what could not be read, nor soon after', async () => {
    await beat(1);
    await minutes(4);
    const away = () => {
      throw new Error('DynamoDB is away');
    };
    Object.assign(details, { onRead: away });
    await minutes(30);
    Object.assign(details, { onRead: () => {} });
    await minutes(5);
    expect(host.stopped).toEqual([]);
    await minutes(3);
    expect(host.stopped).toContain(taskArn());
  });

  it('is not judged while ECS cannot be asked', async () => {
    await beat(1);
    const observe = host.observe.bind(host);
    host.observe = async () => {
      throw new Error('ECS is away');
    };
    await minutes(20);
    expect(host.stopped).toEqual([]);
    host.observe = observe;
  });

  it('is not judged if it was never heard, and costs no reading in its first minute', async () => {
    await minutes(0.5);
    expect(reads).toBe(0);
    await minutes(20);
    expect(host.stopped).toEqual([]);
    expect(reads).toBeLessThanOrEqual(41);
  });
});
