import { isFinished, type QueuedRun } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import { decideTicks, MISSED_AFTER_MS, type TickFacts } from '../core/schedules/decide-ticks.ts';
import { dueTicks } from '../core/schedules/due-ticks.ts';
import type { Schedule } from '../core/schedules/schedule.ts';
import { newScheduleState, type ScheduleState, type SkippedTicks } from '../core/schedules/schedule-state.ts';
import type { ScheduleChange, ScheduleStore } from '../core/schedules/schedule-store.ts';
import type { AcceptDeps } from './accept-message.ts';
import { cancelRun } from './cancel-run.ts';
import { tickRun, tickRunId } from './tick-run.ts';

export interface DecideDeps {
  readonly schedules: ScheduleStore;
  readonly runs: RunStore;
  readonly now: () => number;
  /** The agent's name, in the history of the runs. */
  readonly by: string;
  /** Throws when this machine's clock is not to be trusted. Asked after a call to AWS and before anything is decided. */
  readonly assertClock: () => void;
  readonly needsOf?: AcceptDeps['needsOf'];
}

/** A schedule, and its state as it was last seen: a decision that rests on an old one is lost, and made again. */
export interface ScheduleToDecide {
  readonly schedule: Schedule;
  readonly known?: ScheduleState;
}

/** What has become of a schedule that was looked at. */
export interface DecidedSchedule {
  readonly schedule: Schedule;
  readonly state: ScheduleState;
  /** The runs of its ticks. */
  readonly made: readonly QueuedRun[];
  readonly skipped: readonly SkippedTicks[];
  /** Somebody else has decided meanwhile: `state` is not what is on record. */
  readonly lost: boolean;
  /** There are more ticks than one decision takes. */
  readonly hasMore: boolean;
}

/** Ticks of one schedule that one decision makes runs of; the next decision takes the next ones. */
const MAX_FIRED = 50;

/** A changed definition counts from the minute in which its change is seen: it never fires what lies before. */
const EDIT_LOOK_BACK_MS = 60_000;

interface Look extends DecidedSchedule {
  readonly change?: ScheduleChange;
  readonly cancel: readonly string[];
}

/**
 * Looks at schedules, and does what is due: each decision is durable together with its runs, so that a crash anywhere leaves
 * either nothing or all of it. Several agents may look at the same schedule at once; one of them decides.
 */
export async function decideSchedules(
  deps: DecideDeps,
  wanted: readonly ScheduleToDecide[],
): Promise<readonly DecidedSchedule[]> {
  const schedules = wanted.map(({ schedule }) => schedule);
  const states = await statesOf(deps, wanted);
  deps.assertClock();
  const unfinished = await unfinishedOf(
    deps.runs,
    [...states.values()].flatMap(({ live }) => live),
  );
  const looks = schedules.map((schedule) => look(deps, schedule, states.get(schedule.id), unfinished));
  const changes = looks.flatMap(({ change }) => change ?? []);
  const outcomes = changes.length === 0 ? [] : await deps.schedules.commit(changes);
  const isLost = new Set(changes.filter((_, index) => outcomes[index] === 'lost'));
  const decided = looks.map((one): Look => {
    if (one.change === undefined || !isLost.has(one.change)) return one;
    return { ...one, state: one.change.from, made: [], skipped: [], cancel: [], lost: true };
  });
  for (const { schedule, cancel } of decided) await cancelRuns(deps, schedule, cancel);
  return decided;
}

/** Only what nobody remembers is read. Schedules that are not on record yet are due from now on. */
async function statesOf(
  { schedules: store, now }: DecideDeps,
  wanted: readonly ScheduleToDecide[],
): Promise<ReadonlyMap<string, ScheduleState>> {
  const states = new Map(wanted.flatMap(({ known }) => (known === undefined ? [] : [[known.id, known] as const])));
  const unknown = wanted.filter(({ known }) => known === undefined).map(({ schedule }) => schedule);
  if (unknown.length === 0) return states;
  for (const [id, state] of await store.getMany(unknown.map(({ id }) => id))) states.set(id, state);
  const fresh = unknown.filter(({ id }) => !states.has(id));
  const created = await Promise.all(
    fresh.map(({ id, definition }) => store.create(newScheduleState(id, definition, now()))),
  );
  for (const state of created) states.set(state.id, state);
  return states;
}

async function unfinishedOf(runs: RunStore, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  return new Set((await runs.getMany(ids)).filter((run) => !isFinished(run)).map(({ runId }) => runId));
}

function look(
  { now, by, needsOf }: DecideDeps,
  schedule: Schedule,
  found: ScheduleState | undefined,
  unfinished: ReadonlySet<string>,
): Look {
  const at = now();
  const from = found ?? newScheduleState(schedule.id, schedule.definition, at);
  const state = withDefinition(from, schedule, at);
  const due = dueOf(schedule, state, at);
  const decision = decideTicks({
    schedule,
    state,
    ...due,
    now: at,
    unfinished: state.live.filter((runId) => unfinished.has(runId)),
    runIdOf: (tick) => tickRunId(schedule, tick),
  });
  const to = decision.state ?? (state === from ? undefined : { ...state, version: from.version + 1 });
  const made = decision.fire.map((tick) => tickRun(schedule, tick, { now: at, by, needsOf }));
  return {
    schedule,
    state: to ?? from,
    made,
    skipped: decision.skipped,
    lost: false,
    hasMore: due.hasMore,
    cancel: decision.cancel,
    ...(to === undefined ? {} : { change: { from, to, runs: made } }),
  };
}

/** What one decision is about. Where more is missed than it can take, what is due now waits for a later one. */
function dueOf(
  schedule: Schedule,
  { cursor }: ScheduleState,
  now: number,
): Pick<TickFacts, 'missed' | 'onTime'> & { readonly hasMore: boolean } {
  if (!schedule.enabled) return { missed: { newest: [] }, onTime: [], hasMore: false };
  const lastMissed = Math.max(cursor, now - MISSED_AFTER_MS - 1);
  const limit = schedule.catchUp.kind === 'all' ? schedule.catchUp.max : 1;
  const missed = dueTicks(schedule, cursor, lastMissed, limit);
  const hasMore = missed.newest.length > MAX_FIRED;
  return {
    missed: { ...missed, newest: missed.newest.slice(0, MAX_FIRED) },
    onTime: hasMore ? [] : dueTicks(schedule, lastMissed, now, MAX_FIRED).newest,
    hasMore,
  };
}

/** The state under the schedule's own definition: what was due under another one does not count any more. */
export function withDefinition(state: ScheduleState, { definition }: Schedule, now: number): ScheduleState {
  if (state.definition === definition) return state;
  return { ...state, definition, cursor: Math.max(state.cursor, now - EDIT_LOOK_BACK_MS) };
}

/** Asked for at each look until they have ended: a crash before it only delays it. */
async function cancelRuns({ runs, now, by }: DecideDeps, { id }: Schedule, ids: readonly string[]): Promise<void> {
  for (const runId of ids) {
    await cancelRun(runs, { runId, by, reason: `a newer tick of ${id} takes its place`, now: now() });
  }
}
