import type { FlowRun } from '../core/run.ts';
import type { RunDetailStore } from '../core/run-details.ts';
import type { RunStore } from '../core/run-store.ts';
import { WORKER_FENCE_MS } from '../core/worker-silence.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';
import type { AttemptOfTask } from './claim-attempt.ts';
import type { OwnStopping } from './own-stopping.ts';

export interface HeartbeatDeps {
  readonly store: RunStore;
  readonly details: RunDetailStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly stopping: OwnStopping;
  /** Until when a sign of life is kept (epoch milliseconds); for ever if left out or undefined. */
  readonly keptUntil?: () => number | undefined;
}

const EVERY_MS = 15_000;

/** The record itself is read this often, counted in beats: it may be large. */
const READ_EVERY = 4;

/**
 * Gives a sign of life until `ended`, and asks the program to stop when the attempt is no longer this task's, when the run
 * was cancelled, or when nobody can be reached to say so: user code of two attempts must never run at once.
 */
export async function keepHeartbeat(deps: HeartbeatDeps, own: AttemptOfTask, ended: AbortSignal): Promise<void> {
  const { clock, stopping } = deps;
  const watch = new FenceWatch(deps);
  for (let count = 1; !ended.aborted; count += 1) {
    await clock.sleep(EVERY_MS, ended);
    if (ended.aborted) return;
    const why = await watch.during(() => beat(deps, own, count));
    if (why !== undefined) stopping.ask(why);
  }
}

/** Knows for how long the store has not been reached. */
class FenceWatch {
  readonly #deps: HeartbeatDeps;
  #reachedAt: number;
  #isFailing = false;

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps;
    this.#reachedAt = deps.clock.monotonic();
  }

  /** Does a beat; resolves to why the program has to stop, be it that beats have failed for too long. */
  async during(work: () => Promise<string | undefined>): Promise<string | undefined> {
    const { clock, log } = this.#deps;
    try {
      const why = await work();
      this.#reachedAt = clock.monotonic();
      if (this.#isFailing) log.info('worker.heartbeat-recovered');
      this.#isFailing = false;
      return why;
    } catch (error) {
      if (!this.#isFailing) log.warn('worker.heartbeat-failed', { error: describeError(error) });
      this.#isFailing = true;
      return clock.monotonic() - this.#reachedAt < WORKER_FENCE_MS ? undefined : FENCED;
    }
  }
}

const FENCED = 'the record could not be reached for five minutes, and another attempt may begin without this one';

/** Resolves to why the program has to stop, if it has to. */
async function beat(
  { store, details, clock, keptUntil }: HeartbeatDeps,
  { runId, attempt, taskArn }: AttemptOfTask,
  count: number,
): Promise<string | undefined> {
  await details.putHeartbeat(runId, { attempt, taskArn, count, at: clock.now() }, keptUntil?.());
  if (count % READ_EVERY !== 0) return undefined;
  return reasonToStop(await store.get(runId), attempt, taskArn);
}

function reasonToStop(run: FlowRun | undefined, attempt: number, taskArn: string): string | undefined {
  if (run === undefined) return 'the run is no longer on record';
  if (run.attempt !== attempt) return `attempt ${attempt} is over: the run is at attempt ${run.attempt}`;
  if (run.status !== 'RUNNING' || run.claim?.taskArn !== taskArn)
    return `the run is ${run.status}, and not by this task`;
  return run.cancel && `the run was cancelled by ${run.cancel.by}`;
}
