import { type FlowRun, isFinished } from '../core/run.ts';
import { isoTime } from './run-item.ts';

/** The key of the index of runs in flight under which ended runs wait until somebody has been told of them. */
export const NOTICES_SHARD = 'NOTICES';

/** What puts an ended run into the outbox: attributes of its own item, so its end and its notice are one write. */
export function noticeMark(run: FlowRun): { readonly inFlightShard: string; readonly inFlightKey: string } | undefined {
  if (!isFinished(run)) return undefined;
  return { inFlightShard: NOTICES_SHARD, inFlightKey: `${isoTime(run.finishedAt)}#${run.runId}` };
}
