import { describe, expect, it } from 'vitest';
import { dueTicks } from '../../src/core/schedules/due-ticks.ts';
import type { Schedule } from '../../src/core/schedules/schedule.ts';
import { ticksAfter } from '../../src/core/schedules/timing.ts';
import { type DecideDeps, decideSchedules } from '../../src/runs/decide-schedules.ts';
import { tickRun } from '../../src/runs/tick-run.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { MemoryScheduleStore } from '../fakes/memory-schedule-store.ts';
import { scheduleOf } from '../fakes/schedules.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NOON = Date.UTC(2026, 9, 1, 12);

/** Agents that share one table of runs and schedules, at one moment of one clock. */
class ScheduleWorld {
  readonly runs = new MemoryRunStore();
  readonly schedules = new MemoryScheduleStore(this.runs);
  now = NOON;

  deps(by = 'agent-1'): DecideDeps {
    const { runs, schedules } = this;
    return { runs, schedules, now: () => this.now, by, assertClock: () => undefined };
  }

  /** Looks until nothing is due any more; resolves to the ids of the runs that were made. */
  async decide(schedule: Schedule, by?: string): Promise<readonly string[]> {
    const made: string[] = [];
    for (let again = true; again; ) {
      const [decided] = await decideSchedules(this.deps(by), [{ schedule }]);
      made.push(...(decided?.made ?? []).map(({ runId }) => runId));
      again = (decided?.lost ?? false) || (decided?.hasMore ?? false);
    }
    return made;
  }

  async count(): Promise<number> {
    return (await this.runs.list({ until: this.now + DAY_MS, limit: 1_000 })).runs.length;
  }
}

function ticksOf(text: string, timezone: string, from: string, until: string): readonly string[] {
  const { newest } = dueTicks({ ...scheduleOf(text), timezone }, Date.parse(from), Date.parse(until), 10_000);
  return newest.map((tick) => new Date(tick).toISOString());
}

describe('incidents of schedules', () => {
  it('R37: what is due at 02:00 runs once in the night in which the clocks go back', () => {
    expect(ticksOf('0 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-26T12:00Z')).toEqual([
      '2026-10-25T00:00:00.000Z',
      '2026-10-26T01:00:00.000Z',
    ]);
    expect(ticksOf('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-25T12:00Z')).toHaveLength(1);
    expect(ticksOf('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-29T12:00Z')).toHaveLength(1);
  });

  it('R38: after ten thousand missed ticks a schedule goes on, with the run that its catch-up wants', async () => {
    const world = new ScheduleWorld();
    const schedule = scheduleOf('* * * * *');
    await world.decide(schedule);
    world.now += 10_000 * MINUTE_MS + 30_000;
    expect(await world.decide(schedule)).toHaveLength(1);
    world.now += MINUTE_MS;
    expect(await world.decide(schedule)).toHaveLength(1);
    expect(await world.count()).toBe(2);
  });

  it('R41: a schedule whose runs must not overlap makes no second one when another agent takes over', async () => {
    const world = new ScheduleWorld();
    const schedule = scheduleOf('* * * * *', { overlap: 'skip' });
    await world.decide(schedule, 'agent-1');
    world.now += MINUTE_MS;
    const [first = ''] = await world.decide(schedule, 'agent-1');
    for (let minute = 0; minute < 5; minute += 1) {
      world.now += MINUTE_MS;
      expect(await world.decide(schedule, `agent-${2 + (minute % 3)}`)).toEqual([]);
    }
    finish(world, first);
    world.now += MINUTE_MS;
    expect(await world.decide(schedule, 'agent-9')).toHaveLength(1);
    expect(await world.count()).toBe(2);
  });

  it('R42: an agent that dies at a tick, its answer lost, leaves that tick to one run, and its time zone is kept', async () => {
    const world = new ScheduleWorld();
    const schedule = scheduleOf('30 9 * * *', { timezone: 'Asia/Kolkata' });
    await world.decide(schedule);
    world.now = Date.UTC(2026, 9, 2, 4);
    world.schedules.onCommitted = () => {
      throw new Error('the agent dies here');
    };
    await expect(world.decide(schedule, 'agent-1')).rejects.toThrow('dies here');
    world.schedules.onCommitted = () => undefined;
    expect(await world.decide(schedule, 'agent-2')).toEqual([]);
    expect(await world.count()).toBe(1);
    const [run] = (await world.runs.list({ until: world.now + DAY_MS, limit: 10 })).runs;
    expect(run).toMatchObject({ tick: { at: Date.UTC(2026, 9, 2, 4) } });
  });

  it('R43: sixteen agents whose clocks differ by seconds, over a tick and a change of its jitter, make one run', async () => {
    const world = new ScheduleWorld();
    const calm = scheduleOf('* * * * *');
    const jittery = scheduleOf('* * * * *', { jitterMs: 20_000 });
    await world.decide(calm);
    world.now += MINUTE_MS;
    const agents = Array.from({ length: 16 }, (_, index) => {
      const deps = { ...world.deps(`agent-${index}`), now: () => world.now + index * 700 };
      return decideSchedules(deps, [{ schedule: index % 2 === 0 ? calm : jittery }]);
    });
    await Promise.all(agents);
    expect(await world.count()).toBe(1);
    const tick = NOON + MINUTE_MS;
    const ids = [calm, jittery].map((schedule) => tickRun(schedule, tick, { now: world.now, by: 'x' }).runId);
    expect(new Set(ids).size).toBe(1);
  });

  it.each(['Australia/Lord_Howe', 'Europe/Berlin', 'America/St_Johns', 'Africa/Casablanca', 'Pacific/Apia'])(
    'R44: in %s a schedule of every hour gives one tick an hour for two years, and never throws or races',
    (timezone) => {
      let previous = Date.UTC(2025, 11, 31, 23);
      let count = 0;
      for (const tick of ticksAfter({ ...scheduleOf('0 * * * *'), timezone }, previous)) {
        if (tick > Date.UTC(2028, 0, 1)) break;
        expect(tick - previous).toBeGreaterThanOrEqual(HOUR_MS / 2);
        expect(tick - previous).toBeLessThanOrEqual(1.5 * HOUR_MS);
        previous = tick;
        count += 1;
      }
      expect(Math.abs(count - 2 * 365 * 24)).toBeLessThanOrEqual(3);
    },
  );
});

function finish(world: ScheduleWorld, runId: string): void {
  const run = world.runs.peek(runId);
  if (run === undefined) throw new Error(`there is no run ${runId}`);
  const reason = { code: 'SUCCEEDED', message: '' } as const;
  world.runs.seed({ ...run, status: 'SUCCEEDED', finishedAt: world.now, reason, version: run.version + 1 });
}
