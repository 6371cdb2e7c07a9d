import { type DynamoDBDocumentClient, GetCommand, QueryCommand, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import { assertLegalMove } from '../core/assert-legal-move.ts';
import { FairDeal } from '../core/fair-deal.ts';
import { isDue } from '../core/is-due.ts';
import type { NewerRecord } from '../core/newer-record.ts';
import { type FlowRun, type InFlightRun, isInFlight, type LaunchingRun, type QueuedRun } from '../core/run.ts';
import {
  type Accepted,
  type ClaimOutcome,
  NOBODY,
  type QueuedSkip,
  type RunPage,
  type RunQuery,
  type RunStore,
} from '../core/run-store.ts';
import { IN_FLIGHT_SHARDS } from '../core/shards.ts';
import { slotMoves } from '../core/slots.ts';
import { latenessOf } from '../core/start-limit.ts';
import { batchGetRuns, type RunTable } from './batch-get-runs.ts';
import { IS_ABSENT, isUnchanged } from './conditions.ts';
import { freeSlot } from './free-slot.ts';
import { listRuns } from './list-runs.ts';
import { QueuedLook } from './queued-look.ts';
import { type RecordRules, RecordWriter } from './record-writer.ts';
import { fromItem, runKey } from './run-item.ts';
import { holdersOf, slotKey } from './slot-item.ts';
import { START_LIMIT_SHARDS, startLimitKey } from './start-limit-mark.ts';

/** How many in-flight runs are read at once. */
const PAGE = 500;

export interface RunStoreOptions extends RecordRules {
  /** Told once of each run that only a later version understands; such runs are then left out of what is read. */
  readonly onNewer?: ((newer: NewerRecord) => void) | undefined;
}

/** The record of runs in one DynamoDB table; see `table-schema.ts` for its keys. */
export class DynamoRunStore implements RunStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #writer: RecordWriter;
  readonly #onNewer: ((newer: NewerRecord) => void) | undefined;
  /** Runs that only a later version understands. */
  readonly #newer = new Set<string>();
  readonly #look: QueuedLook;
  readonly #deal = new FairDeal();

  constructor(client: DynamoDBDocumentClient, table: string, { onNewer, ...rules }: RunStoreOptions = {}) {
    this.#client = client;
    this.#table = table;
    this.#onNewer = onNewer;
    this.#writer = new RecordWriter({ client, table }, rules);
    this.#look = new QueuedLook({ client, table });
  }

  async accept(run: FlowRun): Promise<Accepted> {
    const outcome = await this.#writer.write(run, IS_ABSENT);
    return outcome.kind === 'in-the-way' ? { run: fromItem(outcome.item), isNew: false } : { run, isNew: true };
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
    const { taken, freed } = slotMoves(from, to);
    if (taken.length > 0) throw new Error(`run ${from.runId}: only a claim takes slots`);
    const outcome = await this.#writer.write(to, isUnchanged(from), { taken, freed });
    return outcome.kind === 'written' ? to : undefined;
  }

  async claim(from: QueuedRun, to: LaunchingRun): Promise<ClaimOutcome> {
    assertLegalMove(from, to);
    const outcome = await this.#writer.write(to, isUnchanged(from), slotMoves(from, to));
    if (outcome.kind === 'written') return { kind: 'claimed', run: to };
    return outcome.kind === 'full' ? outcome : { kind: 'lost' };
  }

  async slotHolders(key: string): Promise<readonly string[]> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: slotKey(key), ConsistentRead: true }),
    );
    return holdersOf(Item);
  }

  freeSlot(key: string, runId: string, seen: FlowRun | undefined): Promise<boolean> {
    return freeSlot({ client: this.#client, table: this.#table }, key, runId, seen);
  }

  async queued(now: number, limit: number, skip: QueuedSkip = NOBODY): Promise<readonly QueuedRun[]> {
    // A crowd of runs that are not for us must not hide those that are.
    const ours: QueuedSkip = {
      run: (runId) => skip.run(runId) || this.#newer.has(runId),
      lane: (lane) => skip.lane(lane),
    };
    const entries = this.#deal.deal(await this.#look.entries({ now, limit, skip: ours }), limit);
    const runs = await this.getMany(entries.map(({ runId }) => runId));
    return runs.filter((run): run is QueuedRun => run.status === 'QUEUED' && isDue(run, now));
  }

  async *overdue(now: number): AsyncIterable<readonly QueuedRun[]> {
    for (const shard of START_LIMIT_SHARDS) {
      for await (const runs of this.#inFlightPages(shard, startLimitKey(now))) {
        const late = runs.filter((run) => run.status === 'QUEUED').filter((run) => latenessOf(run, now) !== undefined);
        if (late.length > 0) yield late;
      }
    }
  }

  async *inFlight(shards: readonly string[] = IN_FLIGHT_SHARDS): AsyncIterable<readonly InFlightRun[]> {
    for (const shard of shards) {
      for await (const runs of this.#inFlightPages(shard)) yield runs.filter(isInFlight);
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

  /** Runs of one key of the index, page by page; up to a sort key if one is given. */
  async *#inFlightPages(shard: string, before?: string): AsyncIterable<readonly FlowRun[]> {
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#inFlightKeys(shard, before, start);
      const runs = await this.getMany(Items.map(({ PK }) => String(PK).slice('RUN#'.length)));
      if (runs.length > 0) yield runs;
      start = LastEvaluatedKey;
    } while (start !== undefined);
  }

  #inFlightKeys(
    shard: string,
    before: string | undefined,
    start: Record<string, unknown> | undefined,
  ): Promise<QueryCommandOutput> {
    const range = before === undefined ? {} : { ':after': ' ', ':before': before };
    const condition = before === undefined ? '' : ' AND inFlightKey BETWEEN :after AND :before';
    return this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'inFlight',
        KeyConditionExpression: `inFlightShard = :shard${condition}`,
        ExpressionAttributeValues: { ':shard': shard, ...range },
        Limit: PAGE,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
  }
}
