import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Heartbeat, ReportPage, RunDetailStore, RunReport, StepRecord } from '../core/run-details.ts';
import { batchGetItems } from './batch-get-items.ts';
import { timeToLive } from './time-to-live.ts';

type Item = Readonly<Record<string, unknown>>;

/** API BatchWriteItem. */
const MAX_WRITES = 25;

/** So often are writes sent again that DynamoDB left unprocessed. */
const MAX_ROUNDS = 8;

const BELOW = 'PK = :run AND begins_with(SK, :kind)';

/** Steps, reports and heartbeats, beside their run in its table: the same `PK`, one item each. */
export class DynamoRunDetails implements RunDetailStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  putSteps(runId: string, steps: readonly StepRecord[], until?: number): Promise<void> {
    const seen = ({ step, status }: StepRecord): Item => ({ step, status, ...timeToLive(until) });
    return this.#putAll(steps.map((step) => itemOf(runId, stepKey(step), step, seen(step))));
  }

  putReports(runId: string, reports: readonly RunReport[], until?: number): Promise<void> {
    const seen = ({ method }: RunReport): Item => ({ method, ...timeToLive(until) });
    return this.#putAll(reports.map((report) => itemOf(runId, reportKey(report), report, seen(report))));
  }

  async putHeartbeat(runId: string, heartbeat: Heartbeat, until?: number): Promise<void> {
    const seen = { at: new Date(heartbeat.at).toISOString(), ...timeToLive(until) };
    const Item = itemOf(runId, 'HEARTBEAT', heartbeat, seen);
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async steps(runId: string): Promise<readonly StepRecord[]> {
    const steps: StepRecord[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#query(runId, 'STEP#', start);
      steps.push(...page.items.map((item) => recordOf(item) as StepRecord));
      start = page.next;
    } while (start !== undefined);
    return steps;
  }

  async reports(runId: string, limit: number, cursor?: string): Promise<ReportPage> {
    const start = cursor === undefined ? undefined : { PK: partitionOf(runId), SK: cursor };
    const { items, next } = await this.#query(runId, 'REPORT#', start, limit);
    const reports = items.map((item) => recordOf(item) as RunReport);
    return next === undefined ? { reports } : { reports, cursor: String(next.SK) };
  }

  async heartbeat(runId: string): Promise<Heartbeat | undefined> {
    const Key = heartbeatKey(runId);
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key }));
    return Item === undefined ? undefined : (recordOf(Item) as Heartbeat);
  }

  async heartbeats(runIds: readonly string[]): Promise<ReadonlyMap<string, Heartbeat>> {
    const table = { client: this.#client, table: this.#table };
    const items = await batchGetItems(table, runIds.map(heartbeatKey), { consistent: false });
    return new Map(items.map((item) => [String(item.runId), recordOf(item) as Heartbeat]));
  }

  async #query(runId: string, kind: string, start: Record<string, unknown> | undefined, limit?: number) {
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: BELOW,
        ExpressionAttributeValues: { ':run': partitionOf(runId), ':kind': kind },
        ConsistentRead: true,
        ...(limit === undefined ? {} : { Limit: limit }),
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    return { items: Items, next: LastEvaluatedKey };
  }

  async #putAll(items: readonly Item[]): Promise<void> {
    for (let from = 0; from < items.length; from += MAX_WRITES) {
      await this.#putChunk(items.slice(from, from + MAX_WRITES));
    }
  }

  async #putChunk(items: readonly Item[]): Promise<void> {
    let requests = { [this.#table]: items.map((Item) => ({ PutRequest: { Item } })) };
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const { UnprocessedItems = {} } = await this.#client.send(new BatchWriteCommand({ RequestItems: requests }));
      const left = (UnprocessedItems[this.#table] ?? []).flatMap(({ PutRequest }) =>
        PutRequest?.Item === undefined ? [] : [{ PutRequest: { Item: PutRequest.Item } }],
      );
      if (left.length === 0) return;
      requests = { [this.#table]: left };
    }
    throw new Error(`DynamoDB left some of ${items.length} items unwritten`);
  }
}

function heartbeatKey(runId: string): Record<string, unknown> {
  return { PK: partitionOf(runId), SK: 'HEARTBEAT' };
}

function partitionOf(runId: string): string {
  return `RUN#${runId}`;
}

/** What people look for stands beside the record, which is JSON text as a run's own is. */
function itemOf(runId: string, sortKey: string, record: StepRecord | RunReport | Heartbeat, visible: Item): Item {
  const { attempt } = record;
  return { PK: partitionOf(runId), SK: sortKey, runId, attempt, ...visible, record: JSON.stringify(record) };
}

function recordOf({ PK, SK, record }: Item): unknown {
  if (typeof record !== 'string') throw new Error(`item ${String(PK)} ${String(SK)} holds no record`);
  const parsed: unknown = JSON.parse(record);
  return parsed;
}

/** In the order of attempts, and within one in the order of the flow. */
function stepKey({ attempt, order, step }: StepRecord): string {
  return `STEP#${sortable(attempt, 9)}#${sortable(order, 6)}#${step}`;
}

function reportKey({ attempt, number }: RunReport): string {
  return `REPORT#${sortable(attempt, 9)}#${sortable(number, 9)}`;
}

function sortable(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
