import { describe, expect, it } from 'vitest';
import type { RunningRun } from '../../src/core/run.ts';
import { WORKER_FENCE_MS } from '../../src/core/worker-silence.ts';
import type { Clock } from '../../src/service/clock.ts';
import { silentLog } from '../../src/service/log.ts';
import { keepHeartbeat } from '../../src/worker/keep-heartbeat.ts';
import { OwnStopping } from '../../src/worker/own-stopping.ts';
import { interrupted } from '../../src/worker/stopping.ts';
import { MemoryRunDetails } from '../fakes/memory-run-details.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { NOW, OWN, startingRun, TASK, TestStopping } from './fixtures.ts';

const running: RunningRun = { ...startingRun(), status: 'RUNNING', startedAt: NOW, claim: { taskArn: TASK, at: NOW } };

/** Beats so many times, on a clock of its own; `each` may change the world before a beat. */
async function beat(beats: number, each: (world: World, count: number) => void = () => {}) {
  const outer = new TestStopping();
  const world: World = { store: new MemoryRunStore(), details: new MemoryRunDetails(), outer };
  world.store.seed(running);
  const stopping = new OwnStopping(outer);
  const ended = new AbortController();
  let now = NOW;
  let count = 0;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    random: () => 0.5,
    sleep: async (ms) => {
      now += ms;
      count += 1;
      if (count > beats) ended.abort();
      else each(world, count);
    },
  };
  await keepHeartbeat({ ...world, clock, log: silentLog, stopping }, OWN, ended.signal);
  return { ...world, stopping, tookMs: now - NOW };
}

interface World {
  readonly store: MemoryRunStore;
  readonly details: MemoryRunDetails;
  readonly outer: TestStopping;
}

const away = () => {
  throw new Error('away');
};

describe("the worker's heartbeat", () => {
  it('is on record with a count that grows, and asks for nothing', async () => {
    const { details, stopping } = await beat(9);
    expect(await details.heartbeat('run-1')).toMatchObject({ attempt: 1, taskArn: TASK, count: 9 });
    expect(stopping.signal.aborted).toBe(false);
  });

  it('goes on while the program is being stopped', async () => {
    const { details } = await beat(5, ({ outer }, count) => {
      if (count === 1) outer.ask();
    });
    expect(await details.heartbeat('run-1')).toMatchObject({ count: 5 });
  });

  it('ends the program once the store has not been reached for five minutes, and not before', async () => {
    const soon = await beat(WORKER_FENCE_MS / 15_000 - 1, ({ details }) => Object.assign(details, { onWrite: away }));
    expect(soon.stopping.signal.aborted).toBe(false);
    const late = await beat(WORKER_FENCE_MS / 15_000, ({ details }) => Object.assign(details, { onWrite: away }));
    expect(late.stopping.signal.aborted).toBe(true);
    expect(interrupted(late.stopping)).toMatchObject({ message: expect.stringContaining('five minutes') });
  });

  it('begins to count anew when the store is back', async () => {
    const { stopping } = await beat(36, ({ details }, count) => {
      Object.assign(details, { onWrite: count === 18 ? () => {} : away });
    });
    expect(stopping.signal.aborted).toBe(false);
  });

  it.each<[string, (run: RunningRun) => RunningRun]>([
    ['was cancelled', (run) => ({ ...run, cancel: { by: 'ann', reason: 'wrong', at: NOW } })],
    ['is at another attempt', (run) => ({ ...run, attempt: 2 })],
    ['is claimed by another task', (run) => ({ ...run, claim: { taskArn: `${TASK}-twin`, at: NOW } })],
  ])('ends the program within a minute when the run %s', async (_what, change) => {
    const { stopping, tookMs } = await beat(4, ({ store }) => store.seed(change(running)));
    expect(stopping.signal.aborted).toBe(true);
    expect(tookMs).toBeLessThanOrEqual(75_000);
  });
});
