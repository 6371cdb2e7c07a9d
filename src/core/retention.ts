import { type FlowRun, type Intent, isFinished } from './run.ts';

const DAY_MS = 86_400_000;

/**
 * A run is kept for so many days at least: its message may come back for 14 (Amazon SQS, "MessageRetentionPeriod"), and
 * must find it.
 */
export const LEAST_RETENTION_DAYS = 15;

/** Steps and reports are written while nobody knows the end of their run: they stay for so long beyond its days. */
const LONGEST_RUN_MS = 31 * DAY_MS;

/** Milliseconds of so many days. */
export function retentionMsOf(days: number): number {
  return days * DAY_MS;
}

/** Until when an ended run is kept (epoch milliseconds); undefined for one that has not ended, or where all are kept. */
export function recordUntil(run: FlowRun, retentionMs: number | undefined): number | undefined {
  return retentionMs !== undefined && isFinished(run) ? run.finishedAt + retentionMs : undefined;
}

/** Until when what is known of an attempt beside its record is kept; see {@link RunPolicy.retentionMs}. */
export function detailsUntil({ policy }: Intent, now: number): number | undefined {
  const { retentionMs } = policy;
  return retentionMs === undefined ? undefined : now + retentionMs + LONGEST_RUN_MS;
}
