import { Scheduler } from '../../src/agent/run-schedules.ts';
import type { FinishedRun, FlowRun, Intent, QueuedRun, RunningRun } from '../../src/core/run.ts';
import { isFinished } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import type { Schedule } from '../../src/core/schedules/schedule.ts';
import { newScheduleState } from '../../src/core/schedules/schedule-state.ts';
import type { ScheduleChange, ScheduleStore } from '../../src/core/schedules/schedule-store.ts';
import { pauseSchedule, resumeSchedule } from '../../src/runs/pause-schedule.ts';
import { clockBeat } from '../../src/service/beat.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { silentLog } from '../../src/service/log.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { MemoryScheduleStore } from '../fakes/memory-schedule-store.ts';
import { BEGINNING, EventQueue } from '../simulation/event-queue.ts';
import { Process } from '../simulation/process.ts';
import { Random } from '../simulation/random.ts';
import { remoteRuns, remoteSchedules } from './remote-store.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** All agents are down twice: from and until, half a minute past the minute. */
export const OUTAGES: readonly (readonly [number, number])[] = [
  [BEGINNING + 3 * HOUR + 10_500, BEGINNING + 5 * HOUR + 30_000],
  [BEGINNING + 14 * HOUR + 20_500, BEGINNING + 16 * HOUR + 30_000],
];

/** When the schedules named `edited-…` get their new expression: an agent after the other. */
export const EDITED_AT = BEGINNING + 10 * HOUR + 7_000;

/** When the schedules named `paused-…` are paused and go on. */
export const PAUSED = [BEGINNING + 7 * HOUR + 15_000, BEGINNING + 9 * HOUR + 15_000] as const;

const AGENTS = ['one', 'two', 'three'] as const;

/** A decision as it came on record. */
export interface Decision {
  readonly at: number;
  readonly change: ScheduleChange;
  /** Runs of the schedule that had not ended at that moment. */
  readonly unfinished: readonly string[];
}

export interface DayStory {
  readonly decisions: readonly Decision[];
  readonly runs: readonly FlowRun[];
  readonly states: MemoryScheduleStore;
}

export interface DayOptions {
  readonly seed: number;
  readonly schedules: readonly Schedule[];
  /** What an edited schedule is replaced by, by id. */
  readonly edits: ReadonlyMap<string, Schedule>;
  /** Breaks the record, so that the judge can be judged. */
  readonly breakStore?: (store: ScheduleStore) => ScheduleStore;
}

/** A virtual day of three agents, with kills, stalls, outages and losses on the way. */
export async function liveDay({
  seed,
  schedules,
  edits,
  breakStore = (store) => store,
}: DayOptions): Promise<DayStory> {
  const queue = new EventQueue();
  const random = new Random(seed, 'day');
  const runs = new MemoryRunStore();
  const states = new MemoryScheduleStore(runs);
  runs.onWritten = (run) => {
    if (run.cancel) queue.in(10_000, () => endRun(queue, runs, run.runId));
  };
  const decisions: Decision[] = [];
  const note = (decision: Decision): void => {
    decisions.push(decision);
    for (const run of decision.change.runs) liveRun({ queue, random, runs }, run);
  };
  const store = breakStore(noting(states, note, queue, runs));
  const world = { queue, random, runs, store };
  for (const [index, name] of AGENTS.entries()) keepAlive(world, name, index, { schedules, edits });
  pauseAndResume(world, schedules);
  await queue.drive(() => queue.now >= BEGINNING + DAY);
  const ids = decisions.flatMap(({ change }) => change.runs.map(({ runId }) => runId));
  return { decisions, runs: await runs.getMany([...new Set(ids)]), states };
}

interface World {
  readonly queue: EventQueue;
  readonly random: Random;
  readonly runs: MemoryRunStore;
  readonly store: ScheduleStore;
}

/** Writes down each decision at the moment in which it comes on record. */
function noting(
  states: MemoryScheduleStore,
  note: (decision: Decision) => void,
  queue: EventQueue,
  runs: MemoryRunStore,
): ScheduleStore {
  return {
    getMany: (ids) => states.getMany(ids),
    create: (state) => states.create(state),
    remove: (state) => states.remove(state),
    all: () => states.all(),
    commit: async (changes) => {
      const unfinished = changes.map(({ from }) => from.live.filter((id) => !isOver(runs.peek(id))));
      const outcomes = await states.commit(changes);
      for (const [index, change] of changes.entries()) {
        if (outcomes[index] === 'done') note({ at: queue.now, change, unfinished: unfinished[index] ?? [] });
      }
      return outcomes;
    },
  };
}

function isOver(run: FlowRun | undefined): boolean {
  return run === undefined || isFinished(run);
}

/** Starts an agent again and again. Of three, one at a time is killed or stalled, so that somebody is there, but for the outages. */
function keepAlive(
  world: World,
  name: string,
  index: number,
  { schedules, edits }: Pick<DayOptions, 'schedules' | 'edits'>,
): void {
  const { queue, random } = world;
  let process = start(world, name, index, schedules, edits);
  for (const [from, until] of OUTAGES) {
    queue.in(from - BEGINNING, () => process.kill());
    queue.in(until - BEGINNING, () => {
      process = start(world, name, index, schedules, edits);
    });
  }
  const isQuiet = (at: number) => OUTAGES.every(([from, until]) => at < from - 20 * MINUTE || at > until + MINUTE);
  for (let at = BEGINNING + (10 + 7 * index) * MINUTE; at < BEGINNING + DAY; at += 21 * MINUTE) {
    if (!isQuiet(at)) continue;
    queue.in(at - BEGINNING + random.between(0, 2 * MINUTE), () => {
      if (random.chance(0.5)) process.pause(random.magnitude(1_000, 4 * MINUTE));
      else {
        process.kill();
        queue.in(random.magnitude(1_000, 4 * MINUTE), () => {
          process = start(world, name, index, schedules, edits);
        });
      }
    });
  }
}

function start(
  { queue, random, runs, store }: World,
  name: string,
  index: number,
  schedules: readonly Schedule[],
  edits: ReadonlyMap<string, Schedule>,
): Process {
  const process = new Process(queue, { name, skewMs: 0, seed: random.between(0, 1e9) });
  const wire = { queue, process, random: new Random(random.between(0, 1e9), name), lossRate: 0.02 };
  const edited = schedules.map((schedule) => edits.get(schedule.id) ?? schedule);
  const editedAt = EDITED_AT + index * 25_000;
  const scheduler = new Scheduler({
    decide: {
      schedules: remoteSchedules(wire, store),
      runs: remoteRuns(wire, runs),
      now: () => process.clock.now(),
      by: name,
      assertClock: () => undefined,
    },
    current: () => (queue.now >= editedAt ? edited : schedules),
    beat: clockBeat(process.clock, MINUTE),
    clock: process.clock,
    log: silentLog,
    onTrouble: () => undefined,
    onMade: () => undefined,
    waitingMs: 30_000,
  });
  void scheduler.run(createStop().signal);
  return process;
}

/** The world beside the agents: a run starts, and ends after a while. */
function liveRun({ queue, random, runs }: Omit<World, 'store'>, made: FlowRun): void {
  const { runId, tick } = made;
  const longest = tick?.schedule.includes('slow') ? 50 * MINUTE : 5 * MINUTE;
  const end = (): void => endRun(queue, runs, runId);
  queue.in(2_000, () => {
    const run = runs.peek(runId);
    if (run?.status === 'QUEUED') runs.seed(running(run, queue.now));
  });
  queue.in(random.magnitude(5_000, longest), end);
}

function endRun(queue: EventQueue, runs: MemoryRunStore, runId: string): void {
  const run = runs.peek(runId);
  if (run !== undefined && !isFinished(run)) runs.seed(finished(run, queue.now));
}

function running(run: QueuedRun, now: number): RunningRun {
  const { notBefore: _, placement: __, waiting: ___, ...facts } = run;
  const request = {
    clientToken: 'token',
    startedBy: 'slipway',
    taskDefinition: 'etl:1',
  } as unknown as Intent['request'];
  const intent = { request, container: 'flow', worker: false, policy: DEFAULT_POLICY, createdAt: now };
  const task = { taskArn: 'arn', launchedAt: now };
  return { ...facts, version: run.version + 1, status: 'RUNNING', startedAt: now, task, intent };
}

function finished(run: FlowRun, now: number): FinishedRun {
  const status = run.cancel === undefined ? 'SUCCEEDED' : 'CANCELLED';
  const { runId, request, bodyHash, requestedAt, attempt, attempts, history, tick, cancel } = run;
  return {
    ...{ runId, request, bodyHash, requestedAt, attempt, attempts, history },
    ...(tick ? { tick } : {}),
    ...(cancel ? { cancel } : {}),
    version: run.version + 1,
    status,
    finishedAt: now,
    reason: { code: status, message: 'It has ended.' },
  };
}

/** A person pauses schedules in the morning, and lets them go on two hours later. */
function pauseAndResume({ queue, store }: World, schedules: readonly Schedule[]): void {
  const paused = schedules.filter(({ name }) => name.startsWith('paused'));
  const first = ({ id, definition }: Schedule) => newScheduleState(id, definition, queue.now);
  queue.in(PAUSED[0] - BEGINNING, () => {
    for (const one of paused) void pauseSchedule(store, first(one), { by: 'eva', reason: 'deployment', at: queue.now });
  });
  queue.in(PAUSED[1] - BEGINNING, () => {
    for (const one of paused) void resumeSchedule(store, first(one), queue.now);
  });
}
