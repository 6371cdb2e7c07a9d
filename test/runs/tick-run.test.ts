import { describe, expect, it } from 'vitest';
import { tickRun, tickRunId } from '../../src/runs/tick-run.ts';
import { scheduleOf } from '../fakes/schedules.ts';

const TICK = Date.UTC(2026, 9, 1, 22, 30);
const context = { now: TICK + 40, by: 'agent-1' };

describe('the run of a tick', () => {
  it('has the same id and the same wish whoever makes it, and another one for each schedule and tick', () => {
    const [one, other] = [
      tickRun(scheduleOf(), TICK, context),
      tickRun(scheduleOf(), TICK, { now: TICK + 9_000, by: 'agent-2' }),
    ];
    expect([other.runId, other.bodyHash]).toEqual([one.runId, one.bodyHash]);
    const ids = [
      tickRunId({ id: 'a/b' }, TICK),
      tickRunId({ id: 'a/c' }, TICK),
      tickRunId({ id: 'a/b' }, TICK + 60_000),
    ];
    expect(new Set([one.runId, ...ids]).size).toBe(4);
  });

  it('fills in the values of the tick, in the zone of the schedule', () => {
    const parameters = { day: '{{ tick.date }}', at: '{{ tick.iso }}', since: 'from {{ tick.previous.date }}' };
    const schedule = scheduleOf('30 0 * * *', { timezone: 'Europe/Berlin', parameters });
    expect(tickRun(schedule, TICK, context).request.parameters).toEqual({
      day: '2026-10-02',
      at: '2026-10-01T22:30:00Z',
      since: 'from 2026-10-01',
    });
  });

  it('has the first tick of a schedule as the one before itself', () => {
    const parameters = { since: '{{ tick.previous.iso }}' };
    const schedule = scheduleOf('rate(1 day)', { startAt: TICK, parameters });
    expect(tickRun(schedule, TICK, context).request.parameters).toEqual({ since: '2026-10-01T22:30:00Z' });
  });

  it('needs what the run of a message would need', () => {
    const needsOf = () => ({ wants: ['gpu'], queueTimeoutMs: 60_000, slots: ['flow etl'] as const }) as never;
    expect(tickRun(scheduleOf(), TICK, { ...context, needsOf })).toMatchObject({
      wants: ['gpu'],
      queueTimeoutMs: 60_000,
    });
  });

  it('waits for its jitter, which is its own and below what the schedule says', () => {
    const waits = Array.from({ length: 50 }, (_, index) => {
      const tick = TICK + index * 60_000;
      const run = tickRun(scheduleOf('* * * * *', { jitterMs: 30_000 }), tick, { now: tick, by: 'a' });
      expect(run.request.notBefore).toBe(run.notBefore);
      return run.notBefore - tick;
    });
    expect(Math.max(...waits)).toBeLessThan(30_000);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
    expect(new Set(waits).size).toBeGreaterThan(45);
    expect(tickRun(scheduleOf(), TICK, context).request.notBefore).toBeUndefined();
  });
});
