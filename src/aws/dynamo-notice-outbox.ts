import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { NoticeOutbox, PendingNotice } from '../core/notice-outbox.ts';
import { isFinished } from '../core/run.ts';
import { NOTICES_SHARD } from './notice-mark.ts';
import { fromItem, runKey } from './run-item.ts';

/** The outbox on the items of runs themselves: see `notice-mark.ts`. The record in an item is never touched. */
export class DynamoNoticeOutbox implements NoticeOutbox {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async pending(limit: number): Promise<readonly string[]> {
    const ids: string[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: 'inFlight',
          KeyConditionExpression: 'inFlightShard = :notices',
          ExpressionAttributeValues: { ':notices': NOTICES_SHARD },
          Limit: limit - ids.length,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      ids.push(...Items.map(({ PK }) => String(PK).slice('RUN#'.length)));
      start = LastEvaluatedKey;
    } while (start !== undefined && ids.length < limit);
    return ids;
  }

  async read(runId: string): Promise<PendingNotice | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: runKey(runId), ConsistentRead: true }),
    );
    if (Item === undefined || Item.inFlightShard !== NOTICES_SHARD) return undefined;
    const run = fromItem(Item);
    if (!isFinished(run)) return undefined;
    return { run, told: Item.told instanceof Set ? new Set([...Item.told].map(String)) : new Set() };
  }

  async noteTold(runId: string, ...sinks: readonly string[]): Promise<void> {
    if (sinks.length === 0) return;
    await this.#update(runId, {
      UpdateExpression: 'ADD told :sinks',
      ExpressionAttributeValues: { ':sinks': new Set(sinks), ':notices': NOTICES_SHARD },
    });
  }

  async remove(runId: string): Promise<void> {
    await this.#update(runId, {
      UpdateExpression: 'REMOVE inFlightShard, inFlightKey, told',
      ExpressionAttributeValues: { ':notices': NOTICES_SHARD },
    });
  }

  /** Only while the run is in the outbox: what another agent has taken out stays out, and no item comes into being. */
  async #update(
    runId: string,
    change: Pick<UpdateCommandInput, 'UpdateExpression' | 'ExpressionAttributeValues'>,
  ): Promise<void> {
    const ConditionExpression = 'inFlightShard = :notices';
    try {
      await this.#client.send(
        new UpdateCommand({ TableName: this.#table, Key: runKey(runId), ConditionExpression, ...change }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
