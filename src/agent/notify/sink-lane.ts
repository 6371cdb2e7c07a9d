import { type Notice, noticeOf } from '../../core/notice.ts';
import type { FinishedRun } from '../../core/run.ts';
import type { Clock } from '../../service/clock.ts';
import { describeError, type Log } from '../../service/log.ts';
import { type NotifySink, nameOfSink } from '../../templates/notify-shape.ts';

export interface SinkLaneOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly send: (sink: NotifySink, notice: Notice, stop: AbortSignal) => Promise<void>;
  /** The sink has been told of these runs, or never will be. */
  readonly onSettled: (runs: readonly FinishedRun[], sink: string) => Promise<void>;
}

/** A sink that has taken nothing for so long after a run's end is not told of that run any more. */
export const GIVE_UP_MS = 24 * 3_600_000;

const FIRST_BACKOFF_MS = 5_000;
const MAX_BACKOFF_MS = 15 * 60_000;

/** Runs in one notice. */
const MAX_DIGEST = 100;

/**
 * What waits for one sink. Each has a lane of its own, one notice at a time, so that a sink that is dead or slow holds up
 * nobody else. Of one flow there is one notice in the sink's `throttle`: what ends meanwhile is told together, later.
 */
export class SinkLane {
  readonly #options: SinkLaneOptions;
  readonly #waiting = new Map<string, FinishedRun>();
  readonly #recovered = new Set<string>();
  /** Flow → when the next notice of it may go, by the monotonic clock. */
  readonly #quiet = new Map<string, number>();
  #sending: Promise<void> | undefined;
  #failures = 0;
  #notBefore = 0;

  constructor(options: SinkLaneOptions) {
    this.#options = options;
  }

  offer(run: FinishedRun, hasRecovered = false): void {
    this.#waiting.set(run.runId, run);
    if (hasRecovered) this.#recovered.add(run.runId);
  }

  /** Somebody else has told the sink, or the run is gone. */
  forget(runId: string): void {
    this.#waiting.delete(runId);
    this.#recovered.delete(runId);
  }

  /** Sends what may go now, in the background. */
  kick(sink: NotifySink, stop: AbortSignal): void {
    if (this.#sending !== undefined || this.#waiting.size === 0) return;
    this.#sending = this.#work(sink, stop).finally(() => {
      this.#sending = undefined;
    });
  }

  /** Resolves when nothing is being sent. */
  async settled(): Promise<void> {
    await this.#sending;
  }

  async #work(sink: NotifySink, stop: AbortSignal): Promise<void> {
    const { clock, log, onSettled } = this.#options;
    const name = nameOfSink(sink);
    try {
      await this.#giveUp(name);
      while (!stop.aborted && clock.monotonic() >= this.#notBefore) {
        const runs = this.#next(sink.throttle);
        if (runs.length === 0) return;
        if (!(await this.#send(sink, runs, stop))) return;
        await onSettled(runs, name);
      }
    } catch (error) {
      log.warn('notify.not-noted', { ref: name, error: describeError(error) });
    }
  }

  async #giveUp(name: string): Promise<void> {
    const { clock, log, onSettled } = this.#options;
    const late = [...this.#waiting.values()].filter(({ finishedAt }) => clock.now() - finishedAt > GIVE_UP_MS);
    for (const run of late) {
      this.forget(run.runId);
      log.error('notify.given-up', { ref: name, runId: run.runId, flow: run.request.flow, status: run.status });
    }
    if (late.length > 0) await onSettled(late, name);
  }

  /** The runs of the first flow that is not quiet: one, or all that wait where the flow is throttled. */
  #next(throttleMs: number): readonly FinishedRun[] {
    const now = this.#options.clock.monotonic();
    for (const [flow, until] of this.#quiet) if (until <= now) this.#quiet.delete(flow);
    const first = [...this.#waiting.values()].find(({ request }) => !this.#quiet.has(request.flow));
    if (first === undefined) return [];
    if (throttleMs === 0) return [first];
    const ofFlow = [...this.#waiting.values()].filter(({ request }) => request.flow === first.request.flow);
    return ofFlow.slice(0, MAX_DIGEST);
  }

  async #send(sink: NotifySink, runs: readonly FinishedRun[], stop: AbortSignal): Promise<boolean> {
    const { clock, log, send } = this.#options;
    const name = nameOfSink(sink);
    const flow = runs[0]?.request.flow ?? '';
    try {
      await send(sink, noticeOf(flow, runs, name, this.#recovered), stop);
    } catch (error) {
      if (stop.aborted) return false;
      const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(this.#failures, 16), MAX_BACKOFF_MS);
      this.#notBefore = clock.monotonic() + backoff * (0.5 + clock.random() / 2);
      if (this.#failures === 0) log.warn('notify.failing', { ref: name, flow, error: describeError(error) });
      this.#failures += 1;
      return false;
    }
    if (this.#failures > 0) log.info('notify.recovered', { ref: name, count: this.#failures });
    this.#failures = 0;
    if (sink.throttle > 0) this.#quiet.set(flow, clock.monotonic() + sink.throttle);
    for (const { runId } of runs) this.forget(runId);
    log.info('notify.sent', { ref: name, flow, count: runs.length });
    return true;
  }
}
