import type { FlowRun, RunningRun, StartingRun } from '../core/run.ts';
import type { RunDetailStore } from '../core/run-details.ts';
import { SilenceBook, type WorkerSilence } from '../core/worker-silence.ts';
import type { Clock } from '../service/clock.ts';

export interface WorkerListenerOptions {
  readonly details: () => Pick<RunDetailStore, 'heartbeats'>;
  readonly clock: Clock;
  /** Epoch milliseconds, as records have them. */
  readonly now: () => number;
}

/** A worker's heartbeat is read this often, however often its run is looked at. */
const EVERY_MS = 45_000;

/** A run that ends within a minute costs no reading. */
const FROM_AGE_MS = 60_000;

/** Reads the heartbeats of workers whose runs are watched, so that one that hangs is found out although ECS says RUNNING. */
export class WorkerListener {
  readonly #options: WorkerListenerOptions;
  readonly #book = new SilenceBook();

  constructor(options: WorkerListenerOptions) {
    this.#options = options;
  }

  /** Reads what is due of these runs. Throws when the store is away; then nobody has become more silent. */
  async listen(runs: readonly FlowRun[]): Promise<void> {
    const { clock, details } = this.#options;
    const due = runs.filter((run) => this.#isDue(run)).map(({ runId }) => runId);
    if (due.length === 0) return;
    const beats = await details().heartbeats(due);
    const readAt = clock.monotonic();
    for (const runId of due) this.#book.note(runId, beats.get(runId), readAt);
  }

  /** How silent the worker is that has claimed the run's attempt. */
  silenceOf(run: StartingRun | RunningRun): WorkerSilence | undefined {
    if (run.status !== 'RUNNING' || run.claim === undefined) return undefined;
    return this.#book.silenceOf(run.runId, run.attempt, run.claim.taskArn);
  }

  /** Forgets runs that are watched no more. */
  keepOnly(isWatched: (runId: string) => boolean): void {
    this.#book.keepOnly(isWatched);
  }

  #isDue(run: FlowRun): boolean {
    if (run.status !== 'RUNNING' || run.claim === undefined || run.result !== undefined) return false;
    if (this.#options.now() - run.startedAt < FROM_AGE_MS) return false;
    const readAt = this.#book.readAt(run.runId);
    return readAt === undefined || this.#options.clock.monotonic() - readAt >= EVERY_MS;
  }
}
