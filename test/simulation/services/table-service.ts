import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type {
  BatchGetCommandInput,
  DeleteCommandInput,
  PutCommandInput,
  QueryCommandInput,
  TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { fromItem } from '../../../src/aws/run-item.ts';
import type { FlowRun } from '../../../src/core/run.ts';
import type { EventQueue } from '../event-queue.ts';
import type { History } from '../history.ts';
import { Random } from '../random.ts';
import { holds, type Item, updated } from './table-item.ts';

export interface TableHabits {
  readonly seed: number;
  readonly indexLag: number;
  readonly unprocessedKeys: number;
  /** For mutants: which conditions always hold, and whether the item that stood in the way tells its nonce. */
  readonly ignores?: 'versions' | 'limits';
  readonly hidesNonces?: boolean;
}

/** The index entries of a run are late by up to this. */
const MAX_LAG_MS = 60_000;

/**
 * The table, as far as `DynamoRunStore` and `DynamoDefinitionStore` use it: conditional puts that give back the item that
 * stood in the way, consistent reads by key, and indexes that may lag behind (DynamoDB, "Global secondary indexes").
 */
export class TableService {
  readonly #queue: EventQueue;
  readonly #history: History;
  readonly #habits: TableHabits;
  readonly #random: Random;
  readonly #items = new Map<string, Item>();
  /** What the indexes show: by key, an item that is or was. */
  readonly #indexed = new Map<string, Item>();
  readonly #runs = new Map<string, FlowRun>();
  /** Of the transactions that were carried out. */
  readonly #tokens = new Set<string>();
  #isQuiet = false;

  constructor(queue: EventQueue, history: History, habits: TableHabits) {
    this.#queue = queue;
    this.#history = history;
    this.#habits = habits;
    this.#random = new Random(habits.seed, 'table');
  }

  /** From now on indexes follow at once. */
  quieten(): void {
    this.#isQuiet = true;
  }

  /** All runs as they are on record. */
  get runs(): ReadonlyMap<string, FlowRun> {
    return this.#runs;
  }

  put(by: string, { Item: item = {}, ConditionExpression, ExpressionAttributeValues }: PutCommandInput): object {
    const key = keyOf(item);
    const current = this.#items.get(key);
    if (!this.#allows(current, ConditionExpression, ExpressionAttributeValues)) throw this.#refusal(current);
    this.#set(by, key, item);
    return {};
  }

  /** All or nothing; a transaction whose token was carried out already changes nothing more. */
  transact(by: string, { TransactItems = [], ClientRequestToken: token }: TransactWriteCommandInput): object {
    if (token !== undefined && this.#tokens.has(token)) return {};
    const reasons = TransactItems.map(({ Put, Update, ConditionCheck }) => {
      const key = keyOf(Put?.Item ?? Update?.Key ?? ConditionCheck?.Key ?? {});
      const { ConditionExpression, ExpressionAttributeValues } = Put ?? Update ?? ConditionCheck ?? {};
      const current = this.#items.get(key);
      if (ConditionExpression === undefined) return { Code: 'None' };
      if (this.#allows(current, ConditionExpression, ExpressionAttributeValues)) return { Code: 'None' };
      return { Code: 'ConditionalCheckFailed', ...this.#shown(current) };
    });
    if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
    for (const { Put, Update } of TransactItems) {
      if (Put?.Item) this.#set(by, keyOf(Put.Item), Put.Item);
      if (Update?.Key) this.#items.set(keyOf(Update.Key), updated(this.#items.get(keyOf(Update.Key)), Update));
    }
    if (token !== undefined) this.#tokens.add(token);
    return {};
  }

  get(key: Item): { Item?: Item } {
    const item = this.#items.get(keyOf(key));
    return item === undefined ? {} : { Item: item };
  }

  batchGet({ RequestItems = {} }: BatchGetCommandInput): object {
    const [table = '', { Keys = [] } = {}] = Object.entries(RequestItems)[0] ?? [];
    const keys = [...Keys];
    const isPartial = keys.length > 1 && !this.#isQuiet && this.#random.chance(this.#habits.unprocessedKeys);
    const left = isPartial ? keys.splice(this.#random.between(1, keys.length - 1)) : [];
    const found = keys.flatMap((key) => this.#items.get(keyOf(key)) ?? []);
    return {
      Responses: { [table]: found },
      UnprocessedKeys: left.length === 0 ? {} : { [table]: { Keys: left } },
    };
  }

  remove({ Key = {}, ConditionExpression, ExpressionAttributeValues }: DeleteCommandInput): object {
    const key = keyOf(Key);
    const current = this.#items.get(key);
    if (!holds(current, ConditionExpression, ExpressionAttributeValues)) throw this.#refusal(current);
    this.#items.delete(key);
    return {};
  }

  /** Of one shard of an index, by its sort key; of `queued` a range. In-flight runs are few enough to come at once. */
  query({ IndexName = '', ExpressionAttributeValues = {}, Limit }: QueryCommandInput): object {
    if (IndexName === '') return { Items: this.#partition(ExpressionAttributeValues[':partition']) };
    const { ':shard': shard, ':after': after, ':before': before } = ExpressionAttributeValues;
    const sortKey = `${IndexName}Key`;
    const found = [...this.#indexed.values()]
      .filter((item) => item[`${IndexName}Shard`] === shard)
      .filter((item) => after === undefined || isBetween(String(item[sortKey]), after, before))
      .sort((a, b) => (String(a[sortKey]) < String(b[sortKey]) ? -1 : 1));
    const Items = found.slice(0, Limit);
    return after !== undefined && Items.length < found.length
      ? { Items, LastEvaluatedKey: { PK: Items.at(-1)?.PK } }
      : { Items };
  }

  #partition(name: unknown): readonly Item[] {
    return [...this.#items.values()].filter(({ PK }) => PK === name);
  }

  #refusal(current: Item | undefined): Error {
    return new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: { httpStatusCode: 400 },
      ...this.#shown(current),
    });
  }

  #shown(current: Item | undefined): { Item?: NonNullable<ConditionalCheckFailedException['Item']> } {
    const shown = current !== undefined && this.#habits.hidesNonces ? { ...current, nonce: '?' } : current;
    return shown === undefined ? {} : { Item: marshall(shown, { removeUndefinedValues: true }) };
  }

  #allows(
    current: Item | undefined,
    condition: string | undefined,
    values: Readonly<Record<string, unknown>> | undefined,
  ): boolean {
    const ignored = { versions: current?.SK === 'RUN', limits: condition?.includes('#holders') === true };
    const { ignores } = this.#habits;
    return (ignores !== undefined && ignored[ignores]) || holds(current, condition, values);
  }

  #set(by: string, key: string, item: Item): void {
    this.#items.set(key, item);
    if (item.SK === 'RUN') this.#noteRun(by, key, item);
  }

  #noteRun(by: string, key: string, item: Item): void {
    const run = fromItem(item);
    this.#runs.set(run.runId, run);
    this.#history.add(by, { kind: 'put', run });
    const isLate = !this.#isQuiet && this.#random.chance(this.#habits.indexLag);
    if (isLate) this.#queue.in(this.#random.magnitude(100, MAX_LAG_MS), () => this.#index(key, item));
    else this.#index(key, item);
  }

  #index(key: string, item: Item): void {
    if (Number(this.#indexed.get(key)?.version ?? 0) <= Number(item.version)) this.#indexed.set(key, item);
  }
}

function keyOf({ PK, SK }: Item): string {
  return `${PK} ${SK}`;
}

function isBetween(key: string, after: unknown, before: unknown): boolean {
  return key >= String(after) && key <= String(before);
}

function cancelled(reasons: readonly { readonly Code: string }[]): Error {
  return new TransactionCanceledException({
    message: `Transaction cancelled [${reasons.map(({ Code }) => Code).join(', ')}]`,
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: [...reasons],
  });
}
