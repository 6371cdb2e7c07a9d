import { BatchWriteCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { RunArchive } from '../core/run-archive.ts';
import { runKey } from './run-item.ts';

/** API BatchWriteItem. */
const MAX_WRITES = 25;

/** So often are deletions sent again that DynamoDB left unprocessed. */
const MAX_ROUNDS = 8;

type Key = Readonly<Record<'PK' | 'SK', string>>;

/** Deletes what the table holds of runs. */
export class DynamoRunArchive implements RunArchive {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** The record goes last: as long as it is there, what is left is found by it. */
  async forget(runId: string): Promise<void> {
    const record = runKey(runId);
    const besides = (await this.#keys(record.PK)).filter(({ SK }) => SK !== record.SK);
    for (let from = 0; from < besides.length; from += MAX_WRITES) {
      await this.#delete(besides.slice(from, from + MAX_WRITES));
    }
    await this.#delete([record]);
  }

  async #keys(partition: string): Promise<readonly Key[]> {
    const keys: Key[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'PK = :partition',
          ExpressionAttributeValues: { ':partition': partition },
          ProjectionExpression: 'PK, SK',
          ConsistentRead: true,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      keys.push(...(page.Items ?? []).map(({ PK, SK }) => ({ PK: String(PK), SK: String(SK) })));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return keys;
  }

  async #delete(keys: readonly Key[]): Promise<void> {
    let requests = keys.map((Key) => ({ DeleteRequest: { Key } }));
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const { UnprocessedItems = {} } = await this.#client.send(
        new BatchWriteCommand({ RequestItems: { [this.#table]: requests } }),
      );
      requests = (UnprocessedItems[this.#table] ?? []).flatMap(({ DeleteRequest }) =>
        DeleteRequest?.Key === undefined ? [] : [{ DeleteRequest: { Key: keyOf(DeleteRequest.Key) } }],
      );
      if (requests.length === 0) return;
    }
    throw new Error(`DynamoDB left some of ${keys.length} items undeleted`);
  }
}

function keyOf({ PK, SK }: Readonly<Record<string, unknown>>): Key {
  return { PK: String(PK), SK: String(SK) };
}
