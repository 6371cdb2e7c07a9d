import type { Notice } from '../../core/notice.ts';
import type { NoticeOutbox } from '../../core/notice-outbox.ts';
import type { FinishedRun, FlowRun } from '../../core/run.ts';
import type { Clock } from '../../service/clock.ts';
import type { Log } from '../../service/log.ts';
import { poll, type RoundReport, type Trouble } from '../../service/poll.ts';
import type { Service } from '../../service/run-services.ts';
import { type NotifySink, nameOfSink } from '../../templates/notify-shape.ts';
import { SinkLane } from './sink-lane.ts';

export interface NotifierOptions {
  readonly outbox: NoticeOutbox;
  /** Whether this agent is the one that tells: one of a table does, so that what is said of a flow can be throttled. */
  readonly isTeller: () => boolean;
  /** The sinks of agent.yaml as they are now. */
  readonly sinks: () => readonly NotifySink[];
  readonly sinksOf: (run: FlowRun) => readonly NotifySink[];
  readonly send: (sink: NotifySink, notice: Notice, stop: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound?: ((report: RoundReport) => void) | undefined;
  readonly everyMs: number;
}

/** Runs that are held at once; the others wait in the outbox. */
const ROOM = 5_000;

/**
 * Tells sinks of ended runs, from the outbox: at least once, each time with the same key. A death between the telling and
 * its note repeats one notice.
 */
export class Notifier implements Service {
  readonly name = 'notify';
  readonly #options: NotifierOptions;
  readonly #lanes = new Map<string, SinkLane>();
  /** Run → sinks that are yet to be told. */
  readonly #held = new Map<string, Set<string>>();

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

  /** Looks once at what is to be told, and lets each sink have what it may. Asks nothing where no sink is configured. */
  async round(stop: AbortSignal): Promise<void> {
    const { outbox, isTeller, sinks } = this.#options;
    const known = sinks();
    if (known.length === 0 || !isTeller()) return this.#forgetAll();
    const ids = await outbox.pending(ROOM);
    const there = new Set(ids);
    for (const runId of this.#held.keys()) if (!there.has(runId)) this.#forget(runId);
    for (const runId of ids) if (!this.#held.has(runId) && !stop.aborted) await this.#take(runId);
    for (const sink of known) this.#lanes.get(nameOfSink(sink))?.kick(sink, stop);
  }

  /** Resolves when nothing is being sent. */
  async settled(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.settled()));
  }

  async #take(runId: string): Promise<void> {
    const { outbox, sinksOf } = this.#options;
    const pending = await outbox.read(runId);
    if (pending === undefined) return;
    const names = sinksOf(pending.run).map(nameOfSink);
    const left = names.filter((name) => !pending.told.has(name));
    if (left.length === 0) return outbox.remove(runId);
    this.#held.set(runId, new Set(left));
    for (const name of left) this.#laneOf(name).offer(pending.run);
  }

  async #settle(runs: readonly FinishedRun[], sink: string): Promise<void> {
    const { outbox } = this.#options;
    for (const { runId } of runs) {
      const left = this.#held.get(runId);
      left?.delete(sink);
      if (left === undefined || left.size > 0) await outbox.noteTold(runId, sink);
      else await outbox.remove(runId);
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
    for (const lane of this.#lanes.values()) lane.forget(runId);
  }

  #forgetAll(): void {
    for (const runId of [...this.#held.keys()]) this.#forget(runId);
  }
}
