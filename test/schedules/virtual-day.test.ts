import { describe, expect, it } from 'vitest';
import { type CatchUp, OVERLAPS, type Schedule } from '../../src/core/schedules/schedule.ts';
import type { ScheduleStore } from '../../src/core/schedules/schedule-store.ts';
import { scheduleOf } from '../fakes/schedules.ts';
import { BEGINNING } from '../simulation/event-queue.ts';
import { type DayStory, type Decision, EDITED_AT, liveDay, MINUTE, PAUSED } from './day.ts';
import { judgeDay } from './judge-day.ts';

const CATCH_UPS: readonly CatchUp[] = [{ kind: 'latest' }, { kind: 'none' }, { kind: 'all', max: 7 }];
const EXPRESSIONS = [
  '*/10 * * * *',
  '3-59/20 * * * *',
  '7 * * * *',
  'rate(45 minutes)',
  '0,31 * * * *',
  '*/20 0-23/3 * * *',
];
const ZONES = ['UTC', 'Asia/Kolkata', 'America/St_Johns'];

/** All combinations of the policies, over expressions, zones and lengths of runs. */
function schedulesOf(count: number): readonly Schedule[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = index % 20 === 9 ? 'paused' : index % 3 === 0 ? 'slow' : 'quick';
    return scheduleOf(EXPRESSIONS[index % EXPRESSIONS.length], {
      name: `${kind}-${index}`,
      timezone: ZONES[Math.floor(index / 7) % ZONES.length] ?? 'UTC',
      overlap: OVERLAPS[index % OVERLAPS.length] ?? 'allow',
      catchUp: CATCH_UPS[Math.floor(index / 5) % CATCH_UPS.length] ?? { kind: 'latest' },
    });
  });
}

/** One day in `npm test`; as many as `SCHEDULE_DAYS` says on demand. */
const seeds = Array.from({ length: Number(process.env.SCHEDULE_DAYS ?? 1) }, (_, index) => index + 1);

/** Seconds, mostly; on a machine that is busy with other things, minutes. */
const A_DAY_TAKES_MS = 600_000;

const schedules = schedulesOf(190);
const edited = Array.from({ length: 10 }, (_, index) => scheduleOf('15 * * * *', { name: `edited-${index}` }));
const edits = new Map(edited.map(({ id, name }) => [id, scheduleOf('*/45 * * * *', { name })]));

describe('a virtual day of three agents and 200 schedules', () => {
  it.each(seeds)(
    'has one run for every due tick, catch-up and overlap as set (seed %i)',
    async (seed) => {
      const story = await liveDay({ seed, schedules: [...schedules, ...edited], edits });
      const byId = groupedStories(story);
      expect(schedules.flatMap((schedule) => judgeDay(schedule, byId.get(schedule.id) ?? story))).toEqual([]);
      expect(story.runs.length).toBeGreaterThan(5_000);
      expect(
        schedules.filter(({ name }) => name.startsWith('paused')).flatMap((one) => pauseFaults(one, story)),
      ).toEqual([]);
      expect(edited.flatMap(({ id }) => editFaults(id, story))).toEqual([]);
    },
    A_DAY_TAKES_MS,
  );

  it(
    'is found out where the record lets two agents decide about one state',
    async () => {
      const story = await liveDay({
        seed: 1,
        schedules: schedulesOf(24),
        edits: new Map(),
        breakStore: withoutVersions,
      });
      expect(schedulesOf(24).flatMap((schedule) => judgeDay(schedule, story))).not.toEqual([]);
    },
    A_DAY_TAKES_MS,
  );
});

function groupedStories(story: DayStory): ReadonlyMap<string, DayStory> {
  const byId = new Map<string, Decision[]>();
  for (const decision of story.decisions) {
    const { id } = decision.change.from;
    byId.set(id, [...(byId.get(id) ?? []), decision]);
  }
  return new Map([...byId].map(([id, decisions]) => [id, { ...story, decisions }]));
}

/** No tick of the pause has a run, and those after it have. */
function pauseFaults({ id }: Schedule, { runs }: DayStory): readonly string[] {
  const ticks = runs.flatMap(({ tick }) => (tick?.schedule === id ? [tick.at] : []));
  const within = ticks.filter((tick) => tick > PAUSED[0] && tick < PAUSED[1]);
  const isBack = ticks.some((tick) => tick > PAUSED[1]);
  return [...within.map((tick) => `${id} ran at ${tick}`), ...(isBack ? [] : [`${id} never went on`])];
}

/** Before the change the old ticks, after it the new ones, and none of the new ones from before. */
function editFaults(id: string, { runs }: DayStory): readonly string[] {
  const minutes = runs.flatMap(({ tick, requestedAt }) =>
    tick?.schedule === id ? [{ at: tick.at, minute: (tick.at / MINUTE) % 60, requestedAt }] : [],
  );
  const isNew = (minute: number) => minute === 0 || minute === 45;
  const early = minutes.filter(({ at, minute }) => isNew(minute) && at < EDITED_AT - MINUTE);
  const late = minutes.filter(({ at, minute }) => minute === 15 && at > EDITED_AT + 2 * MINUTE);
  const misses = minutes.filter(({ at }) => at > EDITED_AT + MINUTE).length;
  return [...early, ...late].map(({ at }) => `${id}: ${new Date(at).toISOString()}`).concat(misses > 15 ? [] : [id]);
}

/** A record that takes every decision, whatever has been decided meanwhile. */
function withoutVersions(store: ScheduleStore): ScheduleStore {
  return {
    ...store,
    commit: async (changes) => {
      const states = await store.getMany(changes.map(({ from }) => from.id));
      const latest = changes.map(({ from, ...rest }) => ({ ...rest, from: states.get(from.id) ?? from }));
      return store.commit(latest);
    },
  };
}

// The day begins at midnight, which is a tick of many schedules: they are due from then on.
if (BEGINNING % MINUTE !== 0) throw new Error('a day begins on the minute');
