import type { Heartbeat } from './run-details.ts';

/** A worker that has not reached the store for so long ends its program: others may have to take it for dead. */
export const WORKER_FENCE_MS = 5 * 60_000;

/** After so long without a sign of life a worker's task is stopped: a minute after the worker would have ended by itself. */
export const SILENT_AFTER_MS = WORKER_FENCE_MS + 60_000;

/** Between two readings that are further apart nobody listened: a silence is counted anew after it. */
const LONGEST_GAP_MS = 150_000;

/** For how long a worker has given no new sign of life while somebody listened. */
export interface WorkerSilence {
  readonly ms: number;
  /** The number of its last heartbeat. */
  readonly count: number;
}

interface Heard {
  readonly beat: Heartbeat;
  readonly since: number;
  readonly readAt: number;
}

/**
 * What one listener has heard of workers. It goes by the count of heartbeats and the listener's own clock, since clocks of two
 * machines differ, and only by what it has read: while the store is away from us nobody is silent, for the store may be away
 * from the worker as well. Times are monotonic milliseconds.
 */
export class SilenceBook {
  readonly #heard = new Map<string, Heard>();

  /** Takes down what was read of a run's heartbeat; a run that has none is nobody's to judge. */
  note(runId: string, beat: Heartbeat | undefined, readAt: number): void {
    const before = this.#heard.get(runId);
    if (beat === undefined) {
      this.#heard.delete(runId);
      return;
    }
    const goesOn = before !== undefined && isSame(before.beat, beat) && readAt - before.readAt <= LONGEST_GAP_MS;
    this.#heard.set(runId, { beat, since: goesOn ? before.since : readAt, readAt });
  }

  /** The silence of a task's worker, up to the last reading; undefined where nothing is known of this very task. */
  silenceOf(runId: string, attempt: number, taskArn: string): WorkerSilence | undefined {
    const heard = this.#heard.get(runId);
    if (heard === undefined || heard.beat.attempt !== attempt || heard.beat.taskArn !== taskArn) return undefined;
    return { ms: heard.readAt - heard.since, count: heard.beat.count };
  }

  /** When the run's heartbeat was last read. */
  readAt(runId: string): number | undefined {
    return this.#heard.get(runId)?.readAt;
  }

  /** Forgets all runs but these. */
  keepOnly(isKept: (runId: string) => boolean): void {
    for (const runId of this.#heard.keys()) if (!isKept(runId)) this.#heard.delete(runId);
  }
}

function isSame(a: Heartbeat, b: Heartbeat): boolean {
  return a.attempt === b.attempt && a.taskArn === b.taskArn && a.count === b.count;
}
