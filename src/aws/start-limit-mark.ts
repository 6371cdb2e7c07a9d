import type { QueuedRun } from '../core/run.ts';
import { shardOf } from '../core/shards.ts';
import { startLimitOf } from '../core/start-limit.ts';

/**
 * The keys of the index of runs in flight under which queued runs stand by the moment until which they have to be launched: a
 * queued run is not in flight, and a lane says nothing of that moment.
 */
export const START_LIMIT_SHARDS: readonly string[] = ['LATE#0', 'LATE#1', 'LATE#2', 'LATE#3'];

/** What puts a queued run there; nothing for one that may wait for ever. */
export function startLimitMark(run: QueuedRun): { readonly inFlightShard?: string; readonly inFlightKey?: string } {
  const limit = startLimitOf(run);
  if (limit === undefined) return {};
  return { inFlightShard: shardOf(run.runId, START_LIMIT_SHARDS), inFlightKey: startLimitKey(limit.at, run.runId) };
}

/** Sorts as text in the order of time; without an id, behind all of that moment. */
export function startLimitKey(at: number, runId = '~'): string {
  return `${new Date(at).toISOString()}#${runId}`;
}
