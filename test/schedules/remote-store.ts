import type { RunStore } from '../../src/core/run-store.ts';
import type { ScheduleStore } from '../../src/core/schedules/schedule-store.ts';
import type { EventQueue } from '../simulation/event-queue.ts';
import type { Process } from '../simulation/process.ts';
import type { Random } from '../simulation/random.ts';

export interface Wire {
  readonly queue: EventQueue;
  readonly process: Process;
  readonly random: Random;
  /** Of a call that is lost before it arrives, and of one whose answer is lost. */
  readonly lossRate: number;
}

/** The scheduler's view of the runs, over a network. */
export function remoteRuns(wire: Wire, store: RunStore): RunStore {
  return {
    ...store,
    get: (runId) => call(wire, () => store.get(runId)),
    getMany: (runIds) => call(wire, () => store.getMany(runIds)),
    move: (from, to) => call(wire, () => store.move(from, to)),
    accept: (run) => call(wire, () => store.accept(run)),
    queued: (...query) => store.queued(...query),
    inFlight: () => store.inFlight(),
    list: (query) => store.list(query),
  };
}

export function remoteSchedules(wire: Wire, store: ScheduleStore): ScheduleStore {
  return {
    getMany: (ids) => call(wire, () => store.getMany(ids)),
    create: (state) => call(wire, () => store.create(state)),
    commit: (changes) => call(wire, () => store.commit(changes)),
    remove: (state) => call(wire, () => store.remove(state)),
    all: () => store.all(),
  };
}

/** A call takes a while each way; a process that is killed meanwhile never hears of it, though it may have happened. */
async function call<T>(wire: Wire, carryOut: () => Promise<T>): Promise<T> {
  await passTime(wire);
  if (wire.random.chance(wire.lossRate)) throw new Error('the call was lost');
  const answer = await carryOut();
  await passTime(wire);
  if (wire.random.chance(wire.lossRate)) throw new Error('the answer was lost');
  return answer;
}

function passTime({ queue, process, random }: Wire): Promise<void> {
  return new Promise((resolve) => {
    queue.in(random.magnitude(1, 200), () => process.deliver(resolve));
  });
}
