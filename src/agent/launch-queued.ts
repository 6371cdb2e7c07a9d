import pLimit from 'p-limit';
import { isDue } from '../core/is-due.ts';
import { laneOf } from '../core/lane.ts';
import { touched } from '../core/next-facts.ts';
import type { FlowRun, QueuedRun } from '../core/run.ts';
import { isInFlight } from '../core/run.ts';
import type { QueuedSkip } from '../core/run-store.ts';
import { endLateRun } from '../runs/end-late-run.ts';
import { type LaunchDeps, launchRun } from '../runs/launch-run.ts';
import type { Clock } from '../service/clock.ts';
import { createStop } from '../service/create-stop.ts';
import { describeError, type Log } from '../service/log.ts';
import { poll, type RoundReport, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';
import { logMove } from './log-move.ts';
import { Resting } from './resting.ts';

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

/** Looked for beyond the room that there is: some of them will turn out to wait for something. */
const SPARE = 20;

/** Runs that want another agent are left alone for so long, */
const NOT_OURS_MS = 60_000;

/** one whose launch failed unexpectedly for so long: an outage must not plan every run again at every look, */
const FAILED_MS = 15_000;

/** and those that wait for a place under a limit so long, unless one gets free here before. */
const FULL_MS = 15_000;

/** Launches queued runs: those offered by the receiver at once, all others by looking for them. */
export class QueuedLauncher implements Service {
  readonly name = 'launch';
  readonly #options: LaunchQueuedOptions;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #inHand = new Map<string, Promise<void>>();
  readonly #begun = new Set<Promise<void>>();
  readonly #resting: Resting;
  /** Ends the pause that is under way; one that is yet to come, if there is none. */
  #wakeUp: () => void = () => {};
  #isAwake = false;

  constructor(options: LaunchQueuedOptions) {
    this.#options = options;
    this.#resting = new Resting(options.clock);
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
    const pause = (ms: number): Promise<void> => this.#nap(ms, stop);
    const options = { name: this.name, clock, stop, idleMs: sweepMs, maxBackoffMs: 30_000, onTrouble, onRound, pause };
    await poll(options, async () => {
      await this.sweep(stop);
      return 'idle';
    });
    // What has not begun stays QUEUED on record, for this agent's next start or for another one.
    this.#limit.clearQueue();
    await Promise.allSettled(this.#begun);
  }

  /** Looks once for queued runs and starts launching them; ends those that are too late, whatever they wait for. */
  async sweep(stop: AbortSignal): Promise<void> {
    const { launch, clock } = this.#options;
    await this.#endLate(stop);
    const room = this.#room();
    if (room <= 0) return;
    this.#resting.prune();
    const skip: QueuedSkip = {
      run: (runId) => this.#inHand.has(runId) || this.#resting.run(runId),
      lane: (lane) => this.#resting.lane(lane),
    };
    const limit = Math.min(SWEEP_LIMIT, room + SPARE);
    for (const run of await launch.store.queued(clock.now(), limit, skip)) this.offer(run, stop);
  }

  /** Places are free under these limits: who waits for one is looked for at once. */
  freed(keys: readonly string[]): void {
    if (!this.#resting.wake(keys)) return;
    this.hurry();
  }

  /** Sweeps now. */
  hurry(): void {
    this.#isAwake = true;
    this.#wakeUp();
  }

  /** Launches the run if it is due and there is room; one that is not taken now is found by a later sweep. */
  offer(run: FlowRun, stop: AbortSignal): void {
    if (run.status !== 'QUEUED' || stop.aborted || this.#room() <= 0) return;
    if (!isDue(run, this.#options.clock.now()) || this.#inHand.has(run.runId) || this.#isResting(run)) return;
    const launched = this.#limit(() => this.#begin(run, stop)).finally(() => this.#inHand.delete(run.runId));
    this.#inHand.set(run.runId, launched);
  }

  /** Resolves when every launch that was offered so far has come to an outcome. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#inHand.values());
  }

  /** Runs that rest with their lane, want another agent or find no room here are judged all the same. */
  async #endLate(stop: AbortSignal): Promise<void> {
    const { launch, clock } = this.#options;
    for await (const runs of launch.store.overdue(clock.now())) {
      if (stop.aborted) return;
      await Promise.all(runs.filter(({ runId }) => !this.#inHand.has(runId)).map((run) => this.#endOne(run)));
    }
  }

  async #endOne(run: QueuedRun): Promise<void> {
    const { launch, log, onMove } = this.#options;
    try {
      const next = await endLateRun(launch, run);
      if (next?.status !== 'EXPIRED') return;
      logMove(log, next);
      onMove?.(next);
    } catch (error) {
      log.error('launch.failed', { runId: run.runId, flow: run.request.flow, error: describeError(error) });
    }
  }

  #room(): number {
    return this.#options.room() - this.#inHand.size;
  }

  /** A launch that waits for its turn or for the rate when the agent is asked to stop does not begin any more. */
  async #begin(run: QueuedRun, stop: AbortSignal): Promise<void> {
    if (this.#isResting(run)) return;
    await this.#options.pace.take(stop);
    if (stop.aborted) return;
    if (this.#isResting(run)) return this.#options.pace.giveBack();
    const launch = this.#launch(run).finally(() => this.#begun.delete(launch));
    this.#begun.add(launch);
    await launch;
  }

  async #launch(run: QueuedRun): Promise<void> {
    const { launch, log, onLaunched, onMove, giveUp, pace } = this.#options;
    try {
      const next = await launchRun(launch, run, giveUp);
      if (next !== undefined && !isClaimed(run, next)) pace.giveBack();
      if (next === 'not-ours') {
        this.#resting.restLane(laneOf(run).lane, NOT_OURS_MS);
        return;
      }
      if (next) this.#note(next, run);
      if (next) onMove?.(next);
      // Lost races are watched too: the worker may have claimed the attempt before its launch was on record.
      if (next === undefined || isInFlight(next)) onLaunched(run.runId);
    } catch (error) {
      log.error('launch.failed', { runId: run.runId, flow: run.request.flow, error: describeError(error) });
      await this.#rest(run, describeError(error));
    }
  }

  /** What keeps this run from a limit keeps its whole lane; what it has given back, others may take. */
  #note(next: FlowRun, before: QueuedRun): void {
    if (next.version !== before.version) logMove(this.#options.log, next);
    if (next.status !== 'QUEUED') return;
    const keys = (next.slots ?? []).map(({ key }) => key);
    if (next.waiting?.code !== 'LIMIT_REACHED') {
      this.freed(keys);
      return;
    }
    this.#resting.restRun(next.runId, FULL_MS, keys);
    this.#resting.restLane(laneOf(next).lane, FULL_MS, keys);
  }

  #isResting(run: QueuedRun): boolean {
    return this.#resting.run(run.runId) || this.#resting.lane(laneOf(run).lane);
  }

  /** The pause between two looks, which a place that gets free cuts short. */
  async #nap(ms: number, stop: AbortSignal): Promise<void> {
    const nap = createStop();
    this.#wakeUp = () => nap.abort();
    stop.addEventListener('abort', this.#wakeUp, { once: true });
    if (!stop.aborted && !this.#isAwake) await this.#options.clock.sleep(ms, nap.signal);
    this.#isAwake = false;
    stop.removeEventListener('abort', this.#wakeUp);
  }

  /** Says on the record what the run waits for; whatever was claimed before the failure is the watcher's to find. */
  async #rest(run: QueuedRun, evidence: string): Promise<void> {
    const { launch, clock } = this.#options;
    const until = clock.now() + FAILED_MS;
    this.#resting.restRun(run.runId, FAILED_MS);
    const waiting = { code: 'AGENT_NOT_READY', message: 'The agent could not prepare the launch.', evidence } as const;
    // The record may be what is away: the run is left alone all the same.
    await launch.store.move(run, { ...touched(run), notBefore: until, waiting }).catch(() => undefined);
  }
}

/** Whether the launch came so far that RunTask was sent: a run that ended or waits before that has moved once, and not to LAUNCHING. */
function isClaimed(before: QueuedRun, after: FlowRun | 'not-ours'): boolean {
  return after !== 'not-ours' && (after.status === 'LAUNCHING' || after.version > before.version + 1);
}
