import pLimit from 'p-limit';
import type { FlowRun, QueuedRun } from '../core/run.ts';
import { isInFlight } from '../core/run.ts';
import { type LaunchDeps, launchRun } from '../runs/launch-run.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';
import { poll, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';
import { logMove } from './log-move.ts';

export interface LaunchQueuedOptions {
  readonly launch: LaunchDeps;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTrouble: (trouble: Trouble) => void;
  /** How many more runs this agent may have in flight now. */
  readonly room: () => number;
  /** Told of each run whose launch was sent, whatever came of it. */
  readonly onLaunched: (runId: string) => void;
  /** Launches under way at once. */
  readonly concurrency: number;
  /** Pause between looks for runs that nobody offered: retries, `notBefore`, what another agent left. */
  readonly sweepMs: number;
}

/** The most urgent runs that one look brings. */
const SWEEP_LIMIT = 200;

/** A run that wants another agent is not planned again for so long. */
const NOT_OURS_MS = 60_000;

/** Launches queued runs: those offered by the receiver at once, all others by looking for them. */
export class QueuedLauncher implements Service {
  readonly name = 'launch';
  readonly #options: LaunchQueuedOptions;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #inHand = new Map<string, Promise<void>>();
  readonly #notOurs = new Map<string, number>();

  constructor(options: LaunchQueuedOptions) {
    this.#options = options;
    this.#limit = pLimit(options.concurrency);
  }

  /** Runs whose launch is under way or waits for its turn here. */
  get inHand(): number {
    return this.#inHand.size;
  }

  has(runId: string): boolean {
    return this.#inHand.has(runId);
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, onTrouble, sweepMs } = this.#options;
    await poll({ name: this.name, clock, stop, idleMs: sweepMs, maxBackoffMs: 30_000, onTrouble }, async () => {
      await this.sweep(stop);
      return 'idle';
    });
    // What has not begun stays QUEUED on record, for this agent's next start or for another one.
    const begun = [...this.#inHand.values()].slice(0, this.#limit.activeCount);
    this.#limit.clearQueue();
    await Promise.allSettled(begun);
  }

  /** Looks once for queued runs and starts launching them. */
  async sweep(stop: AbortSignal): Promise<void> {
    const { launch, clock } = this.#options;
    if (this.#room() <= 0) return;
    const now = clock.now();
    for (const [runId, until] of this.#notOurs) if (until < now) this.#notOurs.delete(runId);
    for (const run of await launch.store.queued(now, SWEEP_LIMIT)) this.offer(run, stop);
  }

  /** Launches the run if it is due and there is room; one that is not taken now is found by a later sweep. */
  offer(run: FlowRun, stop: AbortSignal): void {
    if (run.status !== 'QUEUED' || stop.aborted || this.#room() <= 0) return;
    if (run.notBefore > this.#options.clock.now() || this.#inHand.has(run.runId) || this.#notOurs.has(run.runId))
      return;
    const launched = this.#limit(() => this.#launch(run, stop)).finally(() => this.#inHand.delete(run.runId));
    this.#inHand.set(run.runId, launched);
  }

  /** Resolves when every launch that was offered so far has come to an outcome. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#inHand.values());
  }

  #room(): number {
    return this.#options.room() - this.#inHand.size;
  }

  async #launch(run: QueuedRun, stop: AbortSignal): Promise<void> {
    const { launch, log, onLaunched, clock } = this.#options;
    try {
      const next = await launchRun(launch, run, stop);
      if (next === 'not-ours') {
        this.#notOurs.set(run.runId, clock.now() + NOT_OURS_MS);
        return;
      }
      if (next) logMove(log, next);
      // Lost races are watched too: the worker may have claimed the attempt before its launch was on record.
      if (next === undefined || isInFlight(next)) onLaunched(run.runId);
    } catch (error) {
      // Whatever was claimed is on record: the watcher's next look at all in-flight runs finds it.
      if (!stop.aborted)
        log.error('launch.failed', { runId: run.runId, flow: run.request.flow, error: describeError(error) });
    }
  }
}
