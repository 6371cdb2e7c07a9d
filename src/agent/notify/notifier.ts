import type { Notice } from '../../core/notice.ts';
import type { NoticeOutbox, PendingNotice } from '../../core/notice-outbox.ts';
import type { FinishedRun } from '../../core/run.ts';
import type { Clock } from '../../service/clock.ts';
import type { Log } from '../../service/log.ts';
import { poll, type RoundReport, type Trouble } from '../../service/poll.ts';
import type { Service } from '../../service/run-services.ts';
import { type NotifySink, nameOfSink } from '../../templates/notify-shape.ts';
import type { Addressees } from './addressees.ts';
import { SinkLane } from './sink-lane.ts';
import type { Telling } from './telling.ts';

export interface NotifierOptions {
  readonly outbox: NoticeOutbox;
  /** The sinks that are this agent's to tell, and those that only others know: one agent tells a sink, so that it can be throttled. */
  readonly telling: Pick<Telling, 'mine' | 'foreign'>;
  readonly addresseesOf: (run: FinishedRun) => Promise<Addressees>;
  readonly send: (sink: NotifySink, notice: Notice, stop: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound?: ((report: RoundReport) => void) | undefined;
  readonly everyMs: number;
}

/** A run that is held. */
interface Holding {
  /** Sinks that are yet to be told by us. */
  readonly left: Set<string>;
  /** Nobody else has anything to tell of it. */
  readonly isOurs: boolean;
}

/** Runs that are held at once; the others wait in the outbox. */
const ROOM = 5_000;

/** Pause between two looks at a run that waits for what others have to tell. */
const LOOK_AGAIN_MS = 60_000;

/** So long after a run's end its flow's rule waits for an agent that knows the sink which it names. */
const UNKNOWN_SINK_MS = 15 * 60_000;

/**
 * Tells sinks of ended runs, from the outbox: at least once, each time with the same key. A death between the telling and
 * its note repeats one notice.
 */
export class Notifier implements Service {
  readonly name = 'notify';
  readonly #options: NotifierOptions;
  readonly #lanes = new Map<string, SinkLane>();
  readonly #held = new Map<string, Holding>();
  /** Runs of which others have still to tell → when to look again, by the monotonic clock. */
  readonly #others = new Map<string, number>();

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, onTrouble, onRound, everyMs } = this.#options;
    await poll(
      { name: this.name, clock, stop, idleMs: everyMs, maxBackoffMs: 60_000, onTrouble, onRound },
      async () => {
        await this.round(stop);
        return 'idle';
      },
    );
    await this.settled();
  }

  /** Looks once at what is to be told, and lets each sink have what it may. Asks nothing where it has no sink to tell. */
  async round(stop: AbortSignal): Promise<void> {
    const { outbox, telling } = this.#options;
    const { mine } = telling;
    if (mine.length === 0) return this.#forgetAll();
    const ids = await outbox.pending(ROOM);
    const there = new Set(ids);
    for (const runId of [...this.#held.keys(), ...this.#others.keys()]) if (!there.has(runId)) this.#forget(runId);
    for (const runId of ids) if (this.#isDue(runId) && !stop.aborted) await this.#take(runId);
    for (const sink of mine) this.#lanes.get(nameOfSink(sink))?.kick(sink, stop);
  }

  #isDue(runId: string): boolean {
    const lookAgainAt = this.#others.get(runId) ?? 0;
    return !this.#held.has(runId) && lookAgainAt <= this.#options.clock.monotonic();
  }

  /** Resolves when nothing is being sent. */
  async settled(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.settled()));
  }

  async #take(runId: string): Promise<void> {
    const { outbox, telling, addresseesOf } = this.#options;
    const pending = await outbox.read(runId);
    if (pending === undefined) return;
    const { run, told } = pending;
    const addressees = await addresseesOf(run);
    const names = addressees.sinks.map(nameOfSink);
    const mine = new Set(telling.mine.map(nameOfSink));
    const left = names.filter((name) => mine.has(name) && !told.has(name));
    const ofOthers = names.filter((name) => !mine.has(name));
    const others = [...ofOthers, ...this.#unknown(run, addressees), ...telling.foreign];
    if (left.length === 0) return this.#leaveToOthers(pending, others);
    this.#others.delete(runId);
    this.#held.set(runId, { left: new Set(left), isOurs: others.length === 0 });
    for (const name of left) this.#laneOf(name).offer(run, addressees.hasRecovered);
  }

  /** This agent has nothing left to tell of the run. It goes when the others have not, either: each notes its own sinks. */
  async #leaveToOthers({ run, told }: PendingNotice, others: readonly string[]): Promise<void> {
    const { outbox, telling, clock } = this.#options;
    if (others.every((name) => told.has(name))) {
      this.#others.delete(run.runId);
      return outbox.remove(run.runId);
    }
    this.#others.set(run.runId, clock.monotonic() + LOOK_AGAIN_MS);
    await outbox.noteTold(run.runId, ...telling.mine.map(nameOfSink).filter((name) => !told.has(name)));
  }

  /** Sinks that the run's flow names and nobody is known to have: waited for a while, then given up with a word. */
  #unknown(run: FinishedRun, { unknown }: Addressees): readonly string[] {
    const { clock, log, telling } = this.#options;
    const missing = unknown.filter((name) => !telling.foreign.has(name));
    if (missing.length === 0 || clock.now() - run.finishedAt < UNKNOWN_SINK_MS) return missing;
    log.error('notify.no-such-sink', { ref: missing.join(', '), runId: run.runId, flow: run.request.flow });
    return [];
  }

  async #settle(runs: readonly FinishedRun[], sink: string): Promise<void> {
    const { outbox } = this.#options;
    for (const { runId } of runs) {
      const holding = this.#held.get(runId);
      holding?.left.delete(sink);
      const isLast = holding?.left.size === 0;
      if (isLast && holding.isOurs) await outbox.remove(runId);
      else await outbox.noteTold(runId, sink);
      // Whether others have still to tell of it, the next look finds out.
      if (isLast && !holding.isOurs) this.#held.delete(runId);
    }
  }

  #laneOf(name: string): SinkLane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const { clock, log, send } = this.#options;
    const lane = new SinkLane({ clock, log, send, onSettled: (runs, sink) => this.#settle(runs, sink) });
    this.#lanes.set(name, lane);
    return lane;
  }

  #forget(runId: string): void {
    this.#held.delete(runId);
    this.#others.delete(runId);
    for (const lane of this.#lanes.values()) lane.forget(runId);
  }

  #forgetAll(): void {
    for (const runId of [...this.#held.keys()]) this.#forget(runId);
  }
}
