import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { RunTable } from './batch-get-runs.ts';
import { isoTime, parseQueuedKey, type QueuedEntry, SHARDS } from './run-item.ts';

/** Keys read at once, and at most, in each shard: enough to find the urgent ones, and bounded however long the queue is. */
const PAGE = 1_000;
const MAX_PAGES = 20;

/**
 * Due entries of the queued index, the most urgent first, without those to skip. Reads on while a shard has given too few:
 * runs that nobody here may take must not hide those behind them.
 */
export async function queuedEntries(
  table: RunTable,
  now: number,
  limit: number,
  skip: (runId: string) => boolean,
): Promise<readonly QueuedEntry[]> {
  const shards = await Promise.all(SHARDS.map((shard) => shardEntries(table, shard, now, limit, skip)));
  return shards
    .flat()
    .sort((a, b) => b.priority - a.priority || (a.dueAt < b.dueAt ? -1 : 1))
    .slice(0, limit);
}

async function shardEntries(
  { client, table }: RunTable,
  shard: string,
  now: number,
  limit: number,
  skip: (runId: string) => boolean,
): Promise<readonly QueuedEntry[]> {
  const entries: QueuedEntry[] = [];
  let start: Record<string, unknown> | undefined;
  for (let page = 0; page < MAX_PAGES && entries.length < limit; page += 1) {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'queued',
        KeyConditionExpression: 'queuedShard = :shard AND queuedKey < :after',
        ExpressionAttributeValues: { ':shard': shard, ':after': `${isoTime(now)}#~` },
        Limit: PAGE,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    entries.push(
      ...Items.map(({ queuedKey }) => parseQueuedKey(String(queuedKey))).filter(({ runId }) => !skip(runId)),
    );
    start = LastEvaluatedKey;
    if (start === undefined) break;
  }
  return entries;
}
