import { beforeEach, describe, expect, it } from 'vitest';
import { Scheduler } from '../../src/agent/run-schedules.ts';
import type { FlowRun } from '../../src/core/run.ts';
import { assertClockSkew } from '../../src/core/schedules/clock-skew.ts';
import type { Schedule } from '../../src/core/schedules/schedule.ts';
import { clockBeat } from '../../src/service/beat.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { type Log, type LogFacts, silentLog } from '../../src/service/log.ts';
import type { Trouble } from '../../src/service/poll.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { MemoryScheduleStore } from '../fakes/memory-schedule-store.ts';
import { scheduleOf } from '../fakes/schedules.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 9, 1, 12);

let clock: ManualClock;
let runs: MemoryRunStore;
let schedules: MemoryScheduleStore;
let made: FlowRun[];
let lines: [string, LogFacts][];
let troubles: Trouble[];
let skewMs: number | undefined;
let current: readonly Schedule[];

beforeEach(() => {
  clock = new ManualClock(NOON);
  runs = new MemoryRunStore();
  schedules = new MemoryScheduleStore(runs);
  [made, lines, troubles, skewMs] = [[], [], [], undefined];
});

function scheduler(...wanted: readonly Schedule[]): Scheduler {
  current = wanted;
  const note = (event: string, facts: LogFacts = {}): number => lines.push([event, facts]);
  const log: Log = { ...silentLog, info: note, warn: note };
  return new Scheduler({
    decide: { schedules, runs, now: () => clock.now(), by: 'one', assertClock: () => assertClockSkew(skewMs) },
    current: () => current,
    beat: clockBeat(clock, MINUTE),
    clock,
    log,
    onTrouble: (trouble) => troubles.push(trouble),
    onMade: (run) => made.push(run),
    waitingMs: 5_000,
  });
}

const signal = createStop().signal;

describe('the scheduler of an agent', () => {
  it('makes the run of a tick that is due, tells of it, and says how late it is', async () => {
    const one = scheduler(scheduleOf());
    await one.round(signal);
    clock.advance(MINUTE + 40);
    await one.round(signal);
    expect(made).toMatchObject([{ status: 'QUEUED', tick: { at: NOON + MINUTE } }]);
    expect(lines).toMatchObject([
      ['schedule.fired', { schedule: 'etl/default', tick: '2026-10-01T12:01:00Z', ms: 40 }],
    ]);
  });

  it('tells what it leaves out, and why', async () => {
    const one = scheduler(scheduleOf());
    await one.round(signal);
    clock.advance(10 * MINUTE);
    await one.round(signal);
    expect(lines.map(([event]) => event)).toEqual(['schedule.fired', 'schedule.fired', 'schedule.skipped']);
    expect(lines[2]?.[1]).toMatchObject({ code: 'MISSED', count: 8, schedule: 'etl/default' });
  });

  it('fires nothing while the clock is not AWS’s, and makes up for it afterwards', async () => {
    const one = scheduler(scheduleOf());
    await one.round(signal);
    skewMs = 45_000;
    clock.advance(MINUTE);
    await expect(one.round(signal)).rejects.toThrow('45 s ahead of AWS');
    expect(made).toEqual([]);
    skewMs = 500;
    await one.round(signal);
    expect(made).toHaveLength(1);
  });

  it('follows another expression from now on, and fires nothing of it from before', async () => {
    const one = scheduler(scheduleOf('0 3 * * *'));
    await one.round(signal);
    clock.advance(6 * 60 * MINUTE + 30_000);
    current = [scheduleOf('*/10 * * * *')];
    await one.round(signal);
    expect(made.map(({ tick }) => tick?.at)).toEqual([clock.now() - 30_000]);
    clock.advance(10 * MINUTE);
    await one.round(signal);
    expect(made).toHaveLength(2);
  });

  it('sees a pause that was made since it last looked', async () => {
    const one = scheduler(scheduleOf());
    await one.round(signal);
    const state = schedules.peek('etl/default');
    if (state) schedules.seed({ ...state, version: 2, pause: { by: 'eva', reason: 'deploy', at: NOON } });
    clock.advance(MINUTE);
    await one.round(signal);
    expect(made).toEqual([]);
    expect(schedules.peek('etl/default')).toMatchObject({
      skips: [{ reason: 'PAUSED', count: 1 }],
      cursor: NOON + MINUTE,
    });
  });

  it('works by itself, rests until the next tick, and ends when it is stopped', async () => {
    const stop = createStop();
    const one = scheduler(scheduleOf('at(2026-10-01T12:00:07)'));
    const working = one.run(stop.signal);
    const settle = async () => {
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    };
    await settle();
    expect(made).toEqual([]);
    clock.advance(7_000);
    await settle();
    expect(made).toHaveLength(1);
    stop.abort();
    await working;
    expect(troubles).toEqual([]);
  });
});
