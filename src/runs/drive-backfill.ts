import { type FinishedRun, isFinished, type QueuedRun } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';

export interface BackfillDrive {
  readonly runs: RunStore;
  /** In the order in which they are to be made. */
  readonly planned: readonly QueuedRun[];
  /** Not ended at once. */
  readonly maxParallel: number;
  /** Resolves after a pause, or when `stop` is aborted. */
  readonly pause: () => Promise<void>;
  readonly stop: AbortSignal;
  /** Told of each run that has ended, once. */
  readonly onEnded: (run: FinishedRun) => void;
}

/**
 * Puts the runs of a backfill on record, never more of them at once than `maxParallel`, until all have ended. Their ids are
 * those of their ticks: begun again after an interruption it goes on where it was, and makes none twice. False if it was
 * stopped before; what is on record goes on.
 */
export async function driveBackfill({
  runs,
  planned,
  maxParallel,
  pause,
  stop,
  onEnded,
}: BackfillDrive): Promise<boolean> {
  const left = [...planned];
  const inHand = new Set<string>();
  while (left.length > 0 || inHand.size > 0) {
    if (stop.aborted) return false;
    for (const run of left.splice(0, maxParallel - inHand.size)) {
      await runs.accept(run);
      inHand.add(run.runId);
    }
    for (const run of (await runs.getMany([...inHand])).filter(isFinished)) {
      inHand.delete(run.runId);
      onEnded(run);
    }
    if (inHand.size > 0) await pause();
  }
  return true;
}
