import { isFinished } from '../../src/core/run.ts';
import type { Schedule } from '../../src/core/schedules/schedule.ts';
import type { SkippedTicks } from '../../src/core/schedules/schedule-state.ts';
import { ticksAfter } from '../../src/core/schedules/timing.ts';
import { BEGINNING } from '../simulation/event-queue.ts';
import { DAY, type DayStory, type Decision, MINUTE, OUTAGES } from './day.ts';

/** What became of one schedule's ticks, as its decisions tell. */
interface Fate {
  readonly decisions: readonly Decision[];
  readonly due: readonly number[];
  /** Tick → when its run came on record; a second run of a tick stands in `twice`. */
  readonly fired: ReadonlyMap<number, number>;
  readonly twice: readonly number[];
  readonly waitingAtEnd: readonly number[];
  readonly skipped: ReadonlyMap<number, string>;
}

/** Everything in which a day is not as the schedules say. Judges by what came on record alone, with rules of its own. */
export function judgeDay(schedule: Schedule, story: DayStory): readonly string[] {
  const fate = fateOf(schedule, story);
  const faults = [
    ...fate.twice.map((tick) => `${clock(tick)} has two runs`),
    ...fate.due.flatMap((tick) => fateFault(tick, fate)),
    ...[...fate.fired.keys()].filter((tick) => !fate.due.includes(tick)).map((tick) => `${clock(tick)} was not due`),
    ...cursorFaults(fate),
    ...overlapFaults(schedule, fate, story),
    ...catchUpFaults(schedule, fate),
    ...latenessFaults(schedule, fate),
  ];
  return faults.map((fault) => `${schedule.id} (${schedule.overlap}): ${fault}`);
}

function fateOf(schedule: Schedule, { decisions: all, states }: DayStory): Fate {
  const decisions = all.filter(({ change }) => change.from.id === schedule.id);
  const due = ticksUntil(schedule, decisions.at(-1)?.change.to.cursor ?? BEGINNING);
  const waitingAtEnd = states.peek(schedule.id)?.waiting ?? [];
  return { decisions, due, ...firedBy(decisions), skipped: skippedBy(decisions, due), waitingAtEnd };
}

function firedBy(decisions: readonly Decision[]): Pick<Fate, 'fired' | 'twice'> {
  const fired = new Map<number, number>();
  const twice: number[] = [];
  for (const { at, change } of decisions) {
    for (const { tick } of change.runs) {
      const moment = tick?.at ?? 0;
      if (fired.has(moment)) twice.push(moment);
      else fired.set(moment, at);
    }
  }
  return { fired, twice };
}

function skippedBy(decisions: readonly Decision[], due: readonly number[]): Fate['skipped'] {
  const skipped = new Map<number, string>();
  for (const { reason, from, to } of decisions.flatMap(({ change }) => newSkips(change.from.skips, change.to.skips))) {
    for (const tick of due) if (tick >= from && tick <= to) skipped.set(tick, reason);
  }
  return skipped;
}

/** The whole of the newest stretch counts: what went before in it was judged then, and is the same. */
function newSkips(before: readonly SkippedTicks[], after: readonly SkippedTicks[]): readonly SkippedTicks[] {
  const known = new Set(before.map((skip) => JSON.stringify(skip)));
  return after.filter((skip) => !known.has(JSON.stringify(skip)));
}

function ticksUntil(schedule: Schedule, until: number): readonly number[] {
  const ticks: number[] = [];
  for (const tick of ticksAfter(schedule, BEGINNING)) {
    if (tick > until) break;
    ticks.push(tick);
  }
  return ticks;
}

/** Each due tick has one run, or was left out for a reason, or waits; never two of these. */
function fateFault(tick: number, { fired, skipped, waitingAtEnd }: Fate): readonly string[] {
  const fates = [fired.has(tick), skipped.has(tick), waitingAtEnd.includes(tick)].filter(Boolean).length;
  return fates === 1 ? [] : [`${clock(tick)} has ${fates} fates`];
}

function cursorFaults({ decisions }: Fate): readonly string[] {
  return decisions.flatMap(({ change: { from, to } }) =>
    to.cursor < from.cursor ? [`the cursor went back from ${clock(from.cursor)} to ${clock(to.cursor)}`] : [],
  );
}

function overlapFaults({ overlap }: Schedule, fate: Fate, { runs }: DayStory): readonly string[] {
  if (overlap === 'allow') return [...fate.skipped].flatMap(([tick, why]) => (why === 'OVERLAP' ? [clock(tick)] : []));
  const besides = fate.decisions
    .filter(({ change, unfinished }) => change.runs.length > 1 || (change.runs.length > 0 && unfinished.length > 0))
    .map(({ at }) => `at ${clock(at)} a run was made beside another one`);
  const allowed = { skip: ['OVERLAP'], queue: ['QUEUE_FULL'], 'cancel-running': ['SUPERSEDED'] }[overlap];
  const strange = [...fate.skipped].filter(([, why]) => !['MISSED', 'PAUSED', ...allowed].includes(why));
  const order = [...fate.fired.keys()];
  const disorder = order.some((tick, index) => tick < (order[index - 1] ?? 0));
  const cancelled = runs.filter((run) => run.tick?.schedule === fate.decisions[0]?.change.from.id && run.cancel);
  return [
    ...besides,
    ...strange.map(([tick, why]) => `${clock(tick)} was left out: ${why}`),
    ...(disorder ? ['the runs are not in the order of their ticks'] : []),
    ...(overlap !== 'cancel-running' && cancelled.length > 0 ? ['a run was cancelled'] : []),
    ...(cancelled.some((run) => !isFinished(run) && run.cancel && run.cancel.at < BEGINNING + DAY - MINUTE)
      ? ['a cancelled run never ended']
      : []),
  ];
}

/** In an outage a tick is missed that is older than a minute when the agents are back. */
function catchUpFaults({ catchUp }: Schedule, fate: Fate): readonly string[] {
  return OUTAGES.flatMap(([from, until]) => {
    const missed = fate.due.filter((tick) => tick > from && tick < until - MINUTE - 1_000);
    const isDueThen = fate.due.some((tick) => tick >= until - MINUTE && tick <= until);
    const count = { none: 0, latest: isDueThen ? 0 : 1, all: catchUp.kind === 'all' ? catchUp.max : 0 }[catchUp.kind];
    const kept = missed.slice(Math.max(missed.length - count, 0));
    const wrong = missed.filter((tick) => (fate.skipped.get(tick) === 'MISSED') !== !kept.includes(tick));
    return wrong.map((tick) => `${clock(tick)}, in an outage, was ${fate.skipped.get(tick) ?? 'caught up'}`);
  });
}

/** Somebody is there at all other times: no tick is missed, and none is late. */
function latenessFaults({ overlap, name }: Schedule, fate: Fate): readonly string[] {
  const isQuiet = (tick: number) => OUTAGES.every(([from, until]) => tick < from - MINUTE || tick > until - MINUTE);
  const missed = fate.due.filter((tick) => isQuiet(tick) && fate.skipped.get(tick) === 'MISSED');
  const late = [...fate.fired].filter(([tick, at]) => isQuiet(tick) && at - tick > 45_000);
  return [
    ...missed.map((tick) => `${clock(tick)} was missed, though an agent was there`),
    ...(overlap === 'queue' || overlap === 'cancel-running' || name.startsWith('paused') ? [] : late).map(
      ([tick, at]) => `${clock(tick)} had its run ${Math.round((at - tick) / 1000)} s late`,
    ),
  ];
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}
