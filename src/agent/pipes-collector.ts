import pLimit from 'p-limit';
import type { LogLocator } from '../core/log-locator.ts';
import type { LogReader } from '../core/log-reader.ts';
import type { ObservedTask } from '../core/observation.ts';
import { detailsUntil } from '../core/retention.ts';
import type { RunningRun, StartingRun } from '../core/run.ts';
import type { RunDetailStore } from '../core/run-details.ts';
import { collectPipes } from '../runs/collect-pipes.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';

export interface PipesCollectorOptions {
  readonly locate: LogLocator;
  /** Asked for when there is something to read. */
  readonly open: () => { readonly logs: LogReader; readonly details: RunDetailStore };
  readonly clock: Clock;
  readonly log: Log;
  /** The agent's name. */
  readonly by: string;
  /** Told that a run can be settled. */
  readonly onCollected: (runId: string) => void;
}

type Watched = StartingRun | RunningRun;

/** Streams read at once: GetLogEvents has one small quota for the whole account and region. */
const STREAMS_AT_ONCE = 4;

/** What cannot be read within this time is left: a run does not wait for its reports for ever. */
const GIVE_UP_MS = 120_000;

/** The agent that launched a run reads its output; for so long the others let it. */
const OTHERS_WAIT_MS = 150_000;

/**
 * Takes the messages of Dagster Pipes out of the output of plain containers that have ended, before their runs are settled:
 * so an agent that dies on the way leaves the work to the next one. Each stream has one reader.
 */
export class PipesCollector {
  readonly #options: PipesCollectorOptions;
  readonly #limit = pLimit(STREAMS_AT_ONCE);
  readonly #states = new Map<string, 'reading' | 'done'>();

  constructor(options: PipesCollectorOptions) {
    this.#options = options;
  }

  /** Whether a run whose task has stopped can be settled; if not yet, its output is being read. */
  maySettle(run: Watched, seen: ObservedTask | undefined, stop: AbortSignal): boolean {
    if (run.intent.pipes !== 'logs' || seen === undefined) return true;
    const key = `${run.runId} ${run.attempt}`;
    const state = this.#states.get(key);
    if (state === 'done') {
      this.#states.delete(key);
      return true;
    }
    if (state === undefined && this.#isDue(run, seen)) {
      this.#states.set(key, 'reading');
      void this.#limit(() => this.#read(run, key, stop));
    }
    return false;
  }

  #isDue({ history }: Watched, { stoppedAt = 0 }: ObservedTask): boolean {
    const launcher = history.findLast(({ status }) => status === 'LAUNCHING')?.by;
    return launcher === this.#options.by || this.#options.clock.now() - stoppedAt > OTHERS_WAIT_MS;
  }

  async #read(run: Watched, key: string, stop: AbortSignal): Promise<void> {
    const { clock, log, onCollected } = this.#options;
    const { runId } = run;
    const giveUp = new AbortController();
    const finished = new AbortController();
    void clock.sleep(GIVE_UP_MS, finished.signal).then(() => giveUp.abort());
    try {
      await this.#collect(run, AbortSignal.any([stop, giveUp.signal]));
    } catch (error) {
      log.warn('pipes.not-collected', { runId, error: describeError(error) });
    } finally {
      finished.abort();
    }
    // An agent that ends leaves the run as it is: the next one begins anew.
    if (stop.aborted) this.#states.delete(key);
    else {
      this.#states.set(key, 'done');
      onCollected(runId);
    }
  }

  async #collect({ runId, attempt, intent, task }: Watched, stop: AbortSignal): Promise<void> {
    const { locate, open, clock, log } = this.#options;
    const { taskDefinition } = intent.request;
    const location = await locate({ taskDefinition, container: intent.container, taskArn: task.taskArn });
    if (!location.ok) {
      log.warn('pipes.no-output', { runId, error: location.error });
      return;
    }
    const deps = {
      ...open(),
      monotonic: () => clock.monotonic(),
      sleep: (ms: number, end: AbortSignal) => clock.sleep(ms, end),
    };
    const until = detailsUntil(intent, clock.now());
    const count = await collectPipes(deps, { runId, attempt, location: location.value, until }, stop);
    log.info('pipes.collected', { runId, attempt, count });
  }
}
