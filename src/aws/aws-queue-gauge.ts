import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { QueueDepth, QueueGauge } from '../core/queue-gauge.ts';
import { queuedEntryOf } from './queued-key.ts';
import { QUEUED_SHARDS } from './run-item.ts';

const DEPTHS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

const PAGE = 1_000;

/** Counts by SQS's own attributes, and by the index of queued runs. */
export class AwsQueueGauge implements QueueGauge {
  readonly #sqs: SQSClient;
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(sqs: SQSClient, documents: DynamoDBDocumentClient, table: string) {
    this.#sqs = sqs;
    this.#documents = documents;
    this.#table = table;
  }

  async depth(queueUrl: string): Promise<QueueDepth> {
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...DEPTHS] }),
    );
    const [waiting = 0, inFlight = 0, delayed = 0] = DEPTHS.map((name) => Number(Attributes[name] ?? 0));
    return { waiting, inFlight, delayed };
  }

  async oldestDue(now: number): Promise<number | undefined> {
    const found = await Promise.all(QUEUED_SHARDS.map((shard) => this.#dueTimes(shard)));
    const due = found.flat().filter((at) => at <= now);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Of a page of keys: a gauge may be wrong about thousands of runs, but must not cost as much as they do. */
  async #dueTimes(shard: string): Promise<readonly number[]> {
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'queued',
        KeyConditionExpression: 'queuedShard = :shard',
        ExpressionAttributeValues: { ':shard': shard },
        Limit: PAGE,
      }),
    );
    const times = Items.map(({ queuedKey }) => Date.parse(queuedEntryOf(String(queuedKey), '').dueAt));
    return times.filter((at) => !Number.isNaN(at));
  }
}
