import { beforeEach, describe, expect, it } from 'vitest';
import { QueuedLauncher } from '../../src/agent/launch-queued.ts';
import type { PlannedLaunch } from '../../src/runs/plan.ts';
import { silentLog } from '../../src/service/log.ts';
import { queuedRun, runRequest } from '../fakes/runs.ts';
import { memoryDeps, stop } from '../runs/deps.ts';

let { clock, store, deps } = memoryDeps();
let room: number;

beforeEach(() => {
  ({ clock, store, deps } = memoryDeps());
  room = 100;
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
    onLaunched: () => {},
    concurrency: 4,
    sweepMs: 1_000,
  });
}

/** What the file of every flow says: how many places it has, and how long its runs may wait. */
function flowSays(over: Pick<PlannedLaunch, 'slots' | 'queueTimeoutMs'>): void {
  const { planner } = deps;
  deps = {
    ...deps,
    planner: async (run) => {
      const planned = await planner(run);
      return planned !== 'not-ours' && planned.ok ? { ...planned, value: { ...planned.value, ...over } } : planned;
    },
  };
}

async function swept(launch: QueuedLauncher): Promise<void> {
  await launch.sweep(stop);
  await launch.settled();
}

async function statuses(count: number): Promise<readonly string[]> {
  return (await store.getMany(Array.from({ length: count }, (_, i) => `run-${i}`))).map(({ status }) => status);
}

describe('runs that are too late to be launched', () => {
  it('end within one sweep, however deep they stand in a lane that waits for a limit', async () => {
    flowSays({ slots: [{ key: 'flow/hello', limit: 1 }], queueTimeoutMs: 60_000 });
    const launch = launcher();
    await store.accept(queuedRun({ runId: 'holder', requestedAt: clock.now() }));
    await swept(launch);
    const requestedAt = clock.now();
    for (let i = 0; i < 5; i += 1) {
      const expires = i >= 3 ? { request: runRequest({ expiresAt: requestedAt + 30_000 }) } : {};
      const run = queuedRun({ runId: `run-${i}`, requestedAt, notBefore: i, queueTimeoutMs: 60_000, ...expires });
      await store.accept(run);
    }
    await swept(launch);
    expect(await statuses(5)).toEqual(Array(5).fill('QUEUED'));
    clock.advance(30_000);
    await swept(launch);
    expect(await statuses(5)).toEqual(['QUEUED', 'QUEUED', 'QUEUED', 'EXPIRED', 'EXPIRED']);
    clock.advance(30_000);
    await swept(launch);
    expect(await statuses(5)).toEqual(Array(5).fill('EXPIRED'));
    expect(await store.get('run-2')).toMatchObject({
      reason: { code: 'EXPIRED', message: 'It waited longer than the 60 s that its flow allows.' },
    });
  });

  it('end also where no agent may take them, and where there is no room', async () => {
    const requestedAt = clock.now();
    const request = runRequest({ expiresAt: requestedAt + 30_000 });
    await store.accept(queuedRun({ runId: 'run-0', requestedAt, request }));
    await store.accept(queuedRun({ runId: 'run-1', requestedAt, queueTimeoutMs: 30_000 }));
    deps = { ...deps, planner: async () => 'not-ours' };
    room = 0;
    clock.advance(30_000);
    await swept(launcher());
    expect(await statuses(2)).toEqual(['EXPIRED', 'EXPIRED']);
  });

  it('go on waiting if their flow allows more by now, which is put on record', async () => {
    flowSays({ slots: [{ key: 'flow/hello', limit: 0 }], queueTimeoutMs: 90_000 });
    await store.accept(queuedRun({ runId: 'run-0', requestedAt: clock.now(), queueTimeoutMs: 30_000 }));
    clock.advance(30_000);
    const launch = launcher();
    await swept(launch);
    expect(await store.get('run-0')).toMatchObject({ status: 'QUEUED', queueTimeoutMs: 90_000 });
    clock.advance(60_000);
    await swept(launch);
    expect(await statuses(1)).toEqual(['EXPIRED']);
  });

  it('are known by what their flow says once they were tried, though nobody knew it when they were accepted', async () => {
    flowSays({ slots: [{ key: 'flow/hello', limit: 0 }], queueTimeoutMs: 60_000 });
    await store.accept(queuedRun({ runId: 'run-0', requestedAt: clock.now() }));
    const launch = launcher();
    await swept(launch);
    room = 0;
    clock.advance(60_000);
    await swept(launch);
    expect(await statuses(1)).toEqual(['EXPIRED']);
  });

  it('hold up no other one by a write that fails', async () => {
    const requestedAt = clock.now();
    const request = runRequest({ expiresAt: requestedAt + 1 });
    for (const runId of ['run-0', 'run-1']) await store.accept(queuedRun({ runId, requestedAt, request }));
    store.onCall = (call) => {
      if (call.name === 'move' && call.runId === 'run-0') throw new Error('away');
    };
    clock.advance(1);
    const launch = launcher();
    await swept(launch);
    expect(await statuses(2)).toEqual(['QUEUED', 'EXPIRED']);
  });
});
