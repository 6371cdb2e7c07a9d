import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NewerRecord } from '../core/newer-record.ts';
import type { FlowRun } from '../core/run.ts';
import { fromItem, runKey } from './run-item.ts';

export interface RunTable {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** Told of records that only a later version understands, which are left out then; without it they are an error. */
  readonly onNewer?: ((newer: NewerRecord) => void) | undefined;
}

/** API BatchGetItem. */
const MAX_KEYS = 100;

/** So often are keys asked for again that DynamoDB left unprocessed. */
const MAX_ROUNDS = 8;

/**
 * The runs of these ids as they are now (consistent reads), in the order of the ids; ids without a record are left out.
 * Indexes only tell which runs to look at, never what is true of them.
 */
export async function batchGetRuns(table: RunTable, ids: readonly string[]): Promise<readonly FlowRun[]> {
  const chunks = Array.from({ length: Math.ceil(ids.length / MAX_KEYS) }, (_, i) =>
    ids.slice(i * MAX_KEYS, (i + 1) * MAX_KEYS),
  );
  const items = await Promise.all(chunks.map((chunk) => getChunk(table, chunk)));
  const byId = new Map(items.flat().map((item) => [String(item.runId), item]));
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

async function getChunk({ client, table }: RunTable, ids: readonly string[]): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let keys: Record<string, unknown>[] = ids.map(runKey);
  for (let round = 0; keys.length > 0; round += 1) {
    if (round === MAX_ROUNDS) throw new Error(`DynamoDB left ${keys.length} of ${ids.length} runs unread`);
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
    );
    items.push(...(Responses[table] ?? []));
    keys = UnprocessedKeys[table]?.Keys ?? [];
  }
  return items;
}
