import pLimit from 'p-limit';
import { touched } from '../core/next-facts.ts';
import type { FlowRun, QueuedRun } from '../core/run.ts';
import { isInFlight } from '../core/run.ts';
import { type LaunchDeps, launchRun } from '../runs/launch-run.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';
import { poll, type RoundReport, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';
import { logMove } from './log-move.ts';

export interface LaunchQueuedOptions {
  readonly launch: LaunchDeps;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound?: ((report: RoundReport) => void) | undefined;
  /** How many more runs this agent may have in flight now. */
  readonly room: () => number;
  readonly pace: LaunchPace;
  /** Aborts the calls of launches in hand: later than the service is asked to stop, or a drain would cut them off. */
  readonly giveUp: AbortSignal;
  /** Told of each run whose launch was sent, whatever came of it. */
  readonly onLaunched: (runId: string) => void;
  /** Told of each move of a run that this launcher has made. */
  readonly onMove?: ((run: FlowRun) => void) | undefined;
  /** Launches under way at once. */
  readonly concurrency: number;
  /** Pause between looks for runs that nobody offered: retries, `notBefore`, what another agent left. */
  readonly sweepMs: number;
}

/** The rate of launches. */
export interface LaunchPace {
  /** Waits for a launch's turn. */
  take(stop: AbortSignal): Promise<void>;
  /** Leaves a turn to the next launch that was not used. */
  giveBack(): void;
}

/** The most urgent runs that one look brings. */
const SWEEP_LIMIT = 200;

/** A run that wants another agent is left alone for so long, */
const NOT_OURS_MS = 60_000;

/** and one whose launch failed unexpectedly for so long: an outage must not plan every run again at every look. */
const FAILED_MS = 15_000;

/** Launches queued runs: those offered by the receiver at once, all others by looking for them. */
export class QueuedLauncher implements Service {
  readonly name = 'launch';
  readonly #options: LaunchQueuedOptions;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #inHand = new Map<string, Promise<void>>();
  readonly #begun = new Set<Promise<void>>();
  /** Runs to leave alone, and until when. */
  readonly #resting = new Map<string, number>();

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
    const { clock, onTrouble, onRound, sweepMs } = this.#options;
    await poll(
      { name: this.name, clock, stop, idleMs: sweepMs, maxBackoffMs: 30_000, onTrouble, onRound },
      async () => {
        await this.sweep(stop);
        return 'idle';
      },
    );
    // What has not begun stays QUEUED on record, for this agent's next start or for another one.
    this.#limit.clearQueue();
    await Promise.allSettled(this.#begun);
  }

  /** Looks once for queued runs and starts launching them. */
  async sweep(stop: AbortSignal): Promise<void> {
    const { launch, clock } = this.#options;
    if (this.#room() <= 0) return;
    const now = clock.now();
    for (const [runId, until] of this.#resting) if (until < now) this.#resting.delete(runId);
    const skip = (runId: string): boolean => this.#inHand.has(runId) || this.#resting.has(runId);
    for (const run of await launch.store.queued(now, SWEEP_LIMIT, skip)) this.offer(run, stop);
  }

  /** Launches the run if it is due and there is room; one that is not taken now is found by a later sweep. */
  offer(run: FlowRun, stop: AbortSignal): void {
    if (run.status !== 'QUEUED' || stop.aborted || this.#room() <= 0) return;
    if (run.notBefore > this.#options.clock.now() || this.#inHand.has(run.runId) || this.#resting.has(run.runId))
      return;
    const launched = this.#limit(() => this.#begin(run, stop)).finally(() => this.#inHand.delete(run.runId));
    this.#inHand.set(run.runId, launched);
  }

  /** Resolves when every launch that was offered so far has come to an outcome. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#inHand.values());
  }

  #room(): number {
    return this.#options.room() - this.#inHand.size;
  }

  /** A launch that waits for its turn or for the rate when the agent is asked to stop does not begin any more. */
  async #begin(run: QueuedRun, stop: AbortSignal): Promise<void> {
    await this.#options.pace.take(stop);
    if (stop.aborted) return;
    const launch = this.#launch(run).finally(() => this.#begun.delete(launch));
    this.#begun.add(launch);
    await launch;
  }

  async #launch(run: QueuedRun): Promise<void> {
    const { launch, log, onLaunched, onMove, clock, giveUp, pace } = this.#options;
    try {
      const next = await launchRun(launch, run, giveUp);
      if (next !== undefined && !isClaimed(run, next)) pace.giveBack();
      if (next === 'not-ours') {
        this.#resting.set(run.runId, clock.now() + NOT_OURS_MS);
        return;
      }
      if (next) logMove(log, next);
      if (next) onMove?.(next);
      // Lost races are watched too: the worker may have claimed the attempt before its launch was on record.
      if (next === undefined || isInFlight(next)) onLaunched(run.runId);
    } catch (error) {
      log.error('launch.failed', { runId: run.runId, flow: run.request.flow, error: describeError(error) });
      await this.#rest(run, describeError(error));
    }
  }

  /** Says on the record what the run waits for; whatever was claimed before the failure is the watcher's to find. */
  async #rest(run: QueuedRun, evidence: string): Promise<void> {
    const { launch, clock } = this.#options;
    const until = clock.now() + FAILED_MS;
    this.#resting.set(run.runId, until);
    const waiting = { code: 'AGENT_NOT_READY', message: 'The agent could not prepare the launch.', evidence } as const;
    // The record may be what is away: the run is left alone all the same.
    await launch.store.move(run, { ...touched(run), notBefore: until, waiting }).catch(() => undefined);
  }
}

/** Whether the launch came so far that RunTask was sent: a run that ended or waits before that has moved once, and not to LAUNCHING. */
function isClaimed(before: QueuedRun, after: FlowRun | 'not-ours'): boolean {
  return after !== 'not-ours' && (after.status === 'LAUNCHING' || after.version > before.version + 1);
}
