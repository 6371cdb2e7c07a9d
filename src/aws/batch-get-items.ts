import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** API BatchGetItem. */
const MAX_KEYS = 100;

/** So often are keys asked for again that DynamoDB left unprocessed. */
const MAX_ROUNDS = 8;

/** The items of these keys, in no order; keys without an item are left out. */
export async function batchGetItems(
  { client, table }: { readonly client: DynamoDBDocumentClient; readonly table: string },
  keys: readonly Record<string, unknown>[],
  { consistent }: { readonly consistent: boolean },
): Promise<Record<string, unknown>[]> {
  const chunks = Array.from({ length: Math.ceil(keys.length / MAX_KEYS) }, (_, i) =>
    keys.slice(i * MAX_KEYS, (i + 1) * MAX_KEYS),
  );
  const items = await Promise.all(chunks.map((chunk) => getChunk(client, table, chunk, consistent)));
  return items.flat();
}

async function getChunk(
  client: DynamoDBDocumentClient,
  table: string,
  wanted: readonly Record<string, unknown>[],
  consistent: boolean,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let keys = [...wanted];
  for (let round = 0; keys.length > 0; round += 1) {
    if (round === MAX_ROUNDS) throw new Error(`DynamoDB left ${keys.length} of ${wanted.length} items unread`);
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: consistent } } }),
    );
    items.push(...(Responses[table] ?? []));
    keys = UnprocessedKeys[table]?.Keys ?? [];
  }
  return items;
}
