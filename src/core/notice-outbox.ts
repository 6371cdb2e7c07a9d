import type { FinishedRun } from './run.ts';

/** An ended run that somebody is to be told of. */
export interface PendingNotice {
  readonly run: FinishedRun;
  /** Sinks that have been told already. */
  readonly told: ReadonlySet<string>;
}

/**
 * Ended runs that somebody is to be told of. A run comes in with the very write that ends it, so no death between its end
 * and the telling can lose it; it goes out when all have been told.
 */
export interface NoticeOutbox {
  /** Run ids, the oldest end first, `limit` at most; may lag behind by a moment. */
  pending(limit: number): Promise<readonly string[]>;
  /** Undefined for a run that is not in it any more. */
  read(runId: string): Promise<PendingNotice | undefined>;
  /** Notes that these sinks have been told of the run, or need not be. */
  noteTold(runId: string, ...sinks: readonly string[]): Promise<void>;
  /** Takes the run out. */
  remove(runId: string): Promise<void>;
}
