import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { assertLegalMove } from '../core/assert-legal-move.ts';
import type { NewerRecord } from '../core/newer-record.ts';
import { type FlowRun, type InFlightRun, isInFlight, type QueuedRun } from '../core/run.ts';
import type { Accepted, RunPage, RunQuery, RunStore } from '../core/run-store.ts';
import { batchGetRuns, type RunTable } from './batch-get-runs.ts';
import { listRuns } from './list-runs.ts';
import { queuedEntries } from './queued-entries.ts';
import { fromItem, runKey, SHARDS, toItem } from './run-item.ts';

const IS_NEW = 'attribute_not_exists(PK)';
const UNCHANGED = '#version = :expected';

/** How many in-flight runs are read at once. */
const PAGE = 500;

/** The record of runs in one DynamoDB table; see `table-schema.ts` for its keys. */
export class DynamoRunStore implements RunStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #writer = randomUUID();
  readonly #onNewer: ((newer: NewerRecord) => void) | undefined;
  /** Runs that only a later version understands. */
  readonly #newer = new Set<string>();
  #writes = 0;

  /** `onNewer` is told once of each run that only a later version understands; such runs are then left out of what is read. */
  constructor(client: DynamoDBDocumentClient, table: string, onNewer?: (newer: NewerRecord) => void) {
    this.#client = client;
    this.#table = table;
    this.#onNewer = onNewer;
  }

  async accept(run: FlowRun): Promise<Accepted> {
    const lost = await this.#put(run, { ConditionExpression: IS_NEW });
    return lost === undefined ? { run, isNew: true } : { run: fromItem(lost), isNew: false };
  }

  async get(runId: string): Promise<FlowRun | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: runKey(runId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : fromItem(Item);
  }

  getMany(ids: readonly string[]): Promise<readonly FlowRun[]> {
    return batchGetRuns(this.#runTable(), ids);
  }

  async move<To extends FlowRun>(from: FlowRun, to: To): Promise<To | undefined> {
    assertLegalMove(from, to);
    const lost = await this.#put(to, {
      ConditionExpression: UNCHANGED,
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':expected': from.version },
    });
    return lost === undefined ? to : undefined;
  }

  async queued(now: number, limit: number, skip = (_: string) => false): Promise<readonly QueuedRun[]> {
    // A crowd of runs that are not for us must not hide those that are.
    const passOver = (runId: string): boolean => skip(runId) || this.#newer.has(runId);
    const entries = await queuedEntries(this.#runTable(), now, limit, passOver);
    const runs = await this.getMany(entries.map(({ runId }) => runId));
    return runs.filter((run): run is QueuedRun => run.status === 'QUEUED' && run.notBefore <= now);
  }

  async *inFlight(): AsyncIterable<readonly InFlightRun[]> {
    for (const shard of SHARDS) {
      let start: Record<string, unknown> | undefined;
      do {
        const page = await this.#inFlightIds(shard, start);
        const runs = await this.getMany(page.ids);
        if (runs.length > 0) yield runs.filter(isInFlight);
        start = page.next;
      } while (start !== undefined);
    }
  }

  list(query: RunQuery): Promise<RunPage> {
    return listRuns(this.#runTable(), query);
  }

  #runTable(): RunTable {
    const onNewer = this.#onNewer && ((newer: NewerRecord): void => this.#tellNewer(newer));
    return { client: this.#client, table: this.#table, onNewer };
  }

  #tellNewer(newer: NewerRecord): void {
    if (this.#newer.has(newer.runId)) return;
    this.#newer.add(newer.runId);
    this.#onNewer?.(newer);
  }

  /**
   * Writes the whole record. Resolves to the item that stood in the way, or undefined when the write is ours: also when
   * the SDK has repeated a write whose answer was lost, and met its own.
   */
  async #put(
    run: FlowRun,
    condition: Pick<
      PutCommand['input'],
      'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
    >,
  ): Promise<Record<string, unknown> | undefined> {
    this.#writes += 1;
    const nonce = `${this.#writer}:${this.#writes}`;
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: toItem(run, nonce),
          ...condition,
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The item stays marshalled here even from a document client.
      const item = error.Item === undefined ? undefined : unmarshall(error.Item);
      if (item === undefined) throw new Error(`run ${run.runId} is no longer on record`);
      return item.nonce === nonce ? undefined : item;
    }
  }

  async #inFlightIds(
    shard: string,
    start: Record<string, unknown> | undefined,
  ): Promise<{ ids: readonly string[]; next: Record<string, unknown> | undefined }> {
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'inFlight',
        KeyConditionExpression: 'inFlightShard = :shard',
        ExpressionAttributeValues: { ':shard': shard },
        Limit: PAGE,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    return { ids: Items.map(({ PK }) => String(PK).slice('RUN#'.length)), next: LastEvaluatedKey };
  }
}
