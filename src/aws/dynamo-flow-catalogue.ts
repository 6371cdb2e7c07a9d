import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import {
  type FlowCatalogue,
  type FlowRecord,
  type FlowSummary,
  isSameContent,
  type PublishOutcome,
} from '../core/flow-catalogue.ts';
import { compareVersions, latestVersion } from '../core/version-order.ts';

/** All in one partition: they are published rarely, and agents remember what they have read. */
const PARTITION = 'FLOWS';

const IS_NEW = 'attribute_not_exists(PK)';

/** Published flows, beside the runs in their table: `PK` FLOWS, `SK` name#version. */
export class DynamoFlowCatalogue implements FlowCatalogue {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async find(flow: string, version: string): Promise<FlowRecord | undefined> {
    const exact = version === 'latest' ? latestVersion(await this.#versions(flow)) : version;
    if (exact === undefined) return undefined;
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(flow, exact), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : recordOf(Item);
  }

  async list(flow?: string): Promise<readonly FlowSummary[]> {
    const items = await this.#query(flow, '#summary');
    return items.map(({ summary }): FlowSummary => JSON.parse(String(summary))).sort(byNameAndVersion);
  }

  async publish(record: FlowRecord, { replace = false } = {}): Promise<PublishOutcome> {
    const { spec: _spec, settings: _settings, ...summary } = record;
    const item = { ...keyOf(record.flow, record.version), version: record.version };
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...item, summary: JSON.stringify(summary), record: JSON.stringify(record) },
          ...(replace ? {} : { ConditionExpression: IS_NEW, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
        }),
      );
      return { kind: 'published' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
      const known = recordOf(unmarshall(error.Item));
      return isSameContent(known, record) ? { kind: 'unchanged' } : { kind: 'taken', record: known };
    }
  }

  async #versions(flow: string): Promise<readonly string[]> {
    return (await this.#query(flow, '#version')).map(({ version }) => String(version));
  }

  async #query(flow: string | undefined, attribute: '#version' | '#summary'): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: flow === undefined ? 'PK = :flows' : 'PK = :flows AND begins_with(SK, :flow)',
          ExpressionAttributeValues: { ':flows': PARTITION, ...(flow === undefined ? {} : { ':flow': `${flow}#` }) },
          ProjectionExpression: attribute,
          ExpressionAttributeNames: { [attribute]: attribute.slice(1) },
          ConsistentRead: true,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      items.push(...Items);
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return items;
  }
}

/** Neither the names nor the versions of published flows have a `#`. */
function keyOf(flow: string, version: string): { PK: string; SK: string } {
  return { PK: PARTITION, SK: `${flow}#${version}` };
}

function recordOf(item: Readonly<Record<string, unknown>>): FlowRecord {
  if (typeof item.record !== 'string') throw new Error(`the record of flow ${String(item.SK)} is damaged`);
  return JSON.parse(item.record);
}

function byNameAndVersion(a: FlowSummary, b: FlowSummary): number {
  if (a.flow !== b.flow) return a.flow < b.flow ? -1 : 1;
  return compareVersions(b.version, a.version);
}
