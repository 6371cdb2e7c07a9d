import { describe, expect, it } from 'vitest';
import { decideTicks, type TickFacts } from '../../../src/core/schedules/decide-ticks.ts';
import type { Schedule } from '../../../src/core/schedules/schedule.ts';
import { newScheduleState, type ScheduleState } from '../../../src/core/schedules/schedule-state.ts';
import { scheduleOf } from '../../fakes/schedules.ts';

const NOW = Date.UTC(2026, 9, 1, 12);
const MINUTE = 60_000;

interface Situation {
  readonly schedule?: Partial<Schedule>;
  readonly state?: Partial<ScheduleState>;
  /** Minutes before now. */
  readonly due: readonly number[];
  readonly unfinished?: readonly string[];
}

/** Ticks are told as minutes before now. */
function decided({ schedule: over, state, due, unfinished = [] }: Situation) {
  const schedule = scheduleOf('* * * * *', over);
  const ticks = due.map((minutes) => NOW - minutes * MINUTE);
  const facts: TickFacts = {
    schedule,
    state: { ...newScheduleState(schedule.id, schedule.definition, NOW - 600 * MINUTE), live: unfinished, ...state },
    missed: { newest: ticks.filter((tick) => NOW - tick > MINUTE) },
    onTime: ticks.filter((tick) => NOW - tick <= MINUTE),
    now: NOW,
    unfinished,
    runIdOf: (tick) => `run-${(NOW - tick) / MINUTE}`,
  };
  const decision = decideTicks(facts);
  const ago = (tick: number) => (NOW - tick) / MINUTE;
  return {
    ...decision,
    fired: decision.fire.map(ago),
    skippedTicks: decision.skipped.map(({ reason, from, to, count }) => [reason, ago(from), ago(to), count]),
    waiting: decision.state?.waiting.map(ago),
  };
}

describe('what becomes of missed ticks', () => {
  it('latest: of several, the newest runs', () => {
    const { fired, skippedTicks, state } = decided({ due: [9, 8, 7, 2] });
    expect(fired).toEqual([2]);
    expect(skippedTicks).toEqual([['MISSED', 9, 7, 3]]);
    expect(state?.cursor).toBe(NOW - 2 * MINUTE);
  });

  it('latest: none of them runs when a tick is due now', () => {
    expect(decided({ due: [9, 8, 0] })).toMatchObject({ fired: [0], skippedTicks: [['MISSED', 9, 8, 2]] });
  });

  it('none: they are left out, and a tick of now runs', () => {
    const none = { catchUp: { kind: 'none' } } as const;
    expect(decided({ schedule: none, due: [9, 8] })).toMatchObject({ fired: [], skippedTicks: [['MISSED', 9, 8, 2]] });
    expect(decided({ schedule: none, due: [9, 0] })).toMatchObject({ fired: [0] });
  });

  it('all: so many of the newest as it says', () => {
    const { fired, skippedTicks } = decided({ schedule: { catchUp: { kind: 'all', max: 2 } }, due: [9, 8, 7, 0] });
    expect(fired).toEqual([8, 7, 0]);
    expect(skippedTicks).toEqual([['MISSED', 9, 9, 1]]);
  });
});

describe('what a tick does while an earlier run has not ended', () => {
  it('allow: it runs beside it, and nothing is kept in mind', () => {
    const { fired, state } = decided({ due: [0], unfinished: ['run-5'] });
    expect(fired).toEqual([0]);
    expect(state?.live).toEqual([]);
  });

  it('skip: it is left out, and told so', () => {
    const { fired, skippedTicks, state } = decided({ schedule: { overlap: 'skip' }, due: [0], unfinished: ['run-5'] });
    expect(fired).toEqual([]);
    expect(skippedTicks).toEqual([['OVERLAP', 0, 0, 1]]);
    expect(state?.live).toEqual(['run-5']);
  });

  it('skip: of several that are caught up, the first runs', () => {
    const schedule = { overlap: 'skip', catchUp: { kind: 'all', max: 9 } } as const;
    expect(decided({ schedule, due: [9, 8, 7] })).toMatchObject({ fired: [9], skippedTicks: [['OVERLAP', 8, 7, 2]] });
  });

  it('queue: it waits behind those that wait already', () => {
    const state = { waiting: [NOW - 3 * MINUTE] };
    const decision = decided({ schedule: { overlap: 'queue' }, state, due: [0], unfinished: ['run-5'] });
    expect(decision).toMatchObject({ fired: [], waiting: [3, 0], cancel: [] });
  });

  it('queue: the first that waits runs when the earlier run has ended, and the others go on waiting', () => {
    const state = { waiting: [NOW - 3 * MINUTE, NOW - 2 * MINUTE], live: ['run-5'] };
    const decision = decided({ schedule: { overlap: 'queue' }, state, due: [0] });
    expect(decision).toMatchObject({ fired: [3], waiting: [2, 0] });
    expect(decision.state?.live).toEqual(['run-3']);
  });

  it('queue: the hundred-and-first is left out', () => {
    const waiting = Array.from({ length: 100 }, (_, index) => NOW - (200 - index) * MINUTE);
    const decision = decided({ schedule: { overlap: 'queue' }, state: { waiting }, due: [0], unfinished: ['run-5'] });
    expect(decision).toMatchObject({ fired: [], skippedTicks: [['QUEUE_FULL', 0, 0, 1]] });
  });

  it('cancel-running: the earlier run is to be cancelled, and the tick waits for its end', () => {
    const decision = decided({ schedule: { overlap: 'cancel-running' }, due: [0], unfinished: ['run-5'] });
    expect(decision).toMatchObject({ fired: [], waiting: [0], cancel: ['run-5'] });
  });

  it('cancel-running: it is asked for again until the run has ended, without another record', () => {
    const state = { waiting: [NOW] };
    const decision = decided({ schedule: { overlap: 'cancel-running' }, state, due: [], unfinished: ['run-5'] });
    expect(decision.cancel).toEqual(['run-5']);
    expect(decision.state).toBeUndefined();
  });

  it('cancel-running: a newer tick takes the place of the one that waits', () => {
    const state = { waiting: [NOW - MINUTE] };
    const decision = decided({ schedule: { overlap: 'cancel-running' }, state, due: [0], unfinished: ['run-5'] });
    expect(decision).toMatchObject({ waiting: [0], skippedTicks: [['SUPERSEDED', 1, 1, 1]] });
  });
});

describe('a paused schedule', () => {
  const pause = { by: 'eva', reason: 'deploy', at: NOW };

  it('leaves out what is due, and says why', () => {
    const decision = decided({ state: { pause }, due: [2, 1, 0] });
    expect(decision).toMatchObject({ fired: [], skippedTicks: [['PAUSED', 2, 0, 3]] });
    expect(decision.state?.cursor).toBe(NOW);
  });

  it('lets no waiting tick go', () => {
    const decision = decided({ schedule: { overlap: 'queue' }, state: { pause, waiting: [NOW - MINUTE] }, due: [] });
    expect(decision).toMatchObject({ fired: [] });
    expect(decision.state).toBeUndefined();
  });
});

it('decides nothing where nothing is due', () => {
  expect(decided({ due: [] })).toMatchObject({ fired: [], cancel: [], skippedTicks: [] });
  expect(decided({ due: [] }).state).toBeUndefined();
});
