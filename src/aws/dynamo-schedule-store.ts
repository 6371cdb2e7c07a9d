import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import type { ScheduleState } from '../core/schedules/schedule-state.ts';
import type { CommitOutcome, ScheduleChange, ScheduleStore } from '../core/schedules/schedule-store.ts';
import { commitChanges } from './commit-changes.ts';
import type { PauseTiming } from './conflict-pause.ts';
import { fromScheduleItem, SCHEDULES_KEY, scheduleKey, toScheduleItem } from './schedule-item.ts';

const IS_NEW = 'attribute_not_exists(PK)';
const UNCHANGED = '#version = :expected';

/** API BatchGetItem. */
const MAX_KEYS = 100;

/** So often are keys asked for again that DynamoDB left unprocessed. */
const MAX_ROUNDS = 8;

/** The record of schedules, beside the runs in their table. */
export class DynamoScheduleStore implements ScheduleStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #pauses: PauseTiming | undefined;

  /** `pauses` for between the sendings of a transaction that meets others. */
  constructor(client: DynamoDBDocumentClient, table: string, pauses?: PauseTiming) {
    this.#client = client;
    this.#table = table;
    this.#pauses = pauses;
  }

  async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, ScheduleState>> {
    const chunks = Array.from({ length: Math.ceil(ids.length / MAX_KEYS) }, (_, i) =>
      ids.slice(i * MAX_KEYS, (i + 1) * MAX_KEYS),
    );
    const states = await Promise.all(chunks.map((chunk) => this.#getChunk(chunk)));
    return new Map(states.flat().map((state) => [state.id, state]));
  }

  async *all(): AsyncIterable<readonly ScheduleState[]> {
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: 'byDay',
          KeyConditionExpression: 'dayKey = :schedules',
          ExpressionAttributeValues: { ':schedules': SCHEDULES_KEY },
          Limit: MAX_KEYS,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      const states = await this.getMany(Items.map(({ timeKey }) => String(timeKey)));
      yield [...states.values()];
      start = LastEvaluatedKey;
    } while (start !== undefined);
  }

  async create(state: ScheduleState): Promise<ScheduleState> {
    try {
      await this.#client.send(
        new PutCommand({ TableName: this.#table, Item: toScheduleItem(state), ConditionExpression: IS_NEW }),
      );
      return state;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const key = { TableName: this.#table, Key: scheduleKey(state.id), ConsistentRead: true };
      const { Item } = await this.#client.send(new GetCommand(key));
      return Item === undefined ? state : fromScheduleItem(Item);
    }
  }

  commit(changes: readonly ScheduleChange[]): Promise<readonly CommitOutcome[]> {
    return commitChanges({ client: this.#client, table: this.#table }, changes, this.#pauses);
  }

  async remove({ id, version }: ScheduleState): Promise<boolean> {
    try {
      await this.#client.send(
        new DeleteCommand({
          TableName: this.#table,
          Key: scheduleKey(id),
          ConditionExpression: UNCHANGED,
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':expected': version },
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return false;
    }
  }

  async #getChunk(ids: readonly string[]): Promise<readonly ScheduleState[]> {
    const states: ScheduleState[] = [];
    let keys: Record<string, unknown>[] = ids.map(scheduleKey);
    for (let round = 0; keys.length > 0; round += 1) {
      if (round === MAX_ROUNDS) throw new Error(`DynamoDB left ${keys.length} of ${ids.length} schedules unread`);
      const { Responses = {}, UnprocessedKeys = {} } = await this.#client.send(
        new BatchGetCommand({ RequestItems: { [this.#table]: { Keys: keys, ConsistentRead: true } } }),
      );
      states.push(...(Responses[this.#table] ?? []).map(fromScheduleItem));
      keys = UnprocessedKeys[this.#table]?.Keys ?? [];
    }
    return states;
  }
}
