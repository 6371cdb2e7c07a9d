import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NewerRecord } from '../core/newer-record.ts';
import type { FlowRun } from '../core/run.ts';
import { batchGetItems } from './batch-get-items.ts';
import { fromItem, runKey } from './run-item.ts';

export interface RunTable {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** Told of records that only a later version understands, which are left out then; without it they are an error. */
  readonly onNewer?: ((newer: NewerRecord) => void) | undefined;
}

/**
 * The runs of these ids as they are now (consistent reads), in the order of the ids; ids without a record are left out.
 * Indexes only tell which runs to look at, never what is true of them.
 */
export async function batchGetRuns(table: RunTable, ids: readonly string[]): Promise<readonly FlowRun[]> {
  const items = await batchGetItems(table, ids.map(runKey), { consistent: true });
  const byId = new Map(items.map((item) => [String(item.runId), item]));
  return ids.flatMap((id) => {
    const item = byId.get(id);
    return item === undefined ? [] : readableRun(table, item);
  });
}

function readableRun({ onNewer }: RunTable, item: Record<string, unknown>): FlowRun[] {
  try {
    return [fromItem(item)];
  } catch (error) {
    if (!(error instanceof NewerRecord) || onNewer === undefined) throw error;
    onNewer(error);
    return [];
  }
}
