import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient, createDynamoDbClient } from '../../../src/aws/create-dynamodb-client.ts';
import { createS3Client } from '../../../src/aws/create-s3-client.ts';
import { createSqsClient } from '../../../src/aws/create-sqs-client.ts';
import type { Catch } from './leak-net.ts';

const REGION = 'us-east-1';

/**
 * All items of the table. A request is on record as it came (DESIGN 7.6), with its parameters and variables, and so is the
 * RunTask request, whose overrides carry them to the task; of a body that cannot be read the beginning is kept. All else of
 * a record is searched.
 */
export async function records(endpoint: string): Promise<readonly Catch[]> {
  const dynamoDb = createDynamoDbClient({ region: REGION, endpoint });
  const { Items = [] } = await createDocumentClient(dynamoDb).send(new ScanCommand({ TableName: 'slipway' }));
  dynamoDb.destroy();
  return Items.map((item) => ({ channel: `record ${item.PK} ${item.SK}`, text: itemText(item) }));
}

interface RecordParts {
  readonly request?: { parameters?: unknown; runConfig?: unknown; flow?: string };
  readonly intent?: { readonly request?: { overrides?: { containerOverrides?: { environment?: unknown }[] } } };
  readonly reason?: { evidence?: unknown; code?: string };
}

function itemText(item: Record<string, unknown>): string {
  const { record, ...attributes } = item;
  if (typeof record !== 'string') return JSON.stringify(item);
  const parts: RecordParts = JSON.parse(record);
  if (parts.request) {
    parts.request.parameters = 'of the request';
    parts.request.runConfig = 'of the request';
  }
  for (const override of parts.intent?.request?.overrides?.containerOverrides ?? [])
    override.environment = 'of the task';
  if (parts.reason && parts.request?.flow === '(unreadable)') parts.reason.evidence = 'the body';
  return JSON.stringify({ ...attributes, parts });
}

/** All objects, but for artifacts, which are the flow's files. */
export async function files(endpoint: string): Promise<readonly Catch[]> {
  const s3 = createS3Client({ region: REGION, endpoint });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'slipway' }));
  const keys = Contents.flatMap(({ Key = '' }) => (Key.startsWith('artifacts/') ? [] : [Key]));
  const catches = await Promise.all(
    keys.map(async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'slipway', Key }));
      return { channel: `file ${Key}`, text: `${Key}\n${(await Body?.transformToString()) ?? ''}` };
    }),
  );
  s3.destroy();
  return catches;
}

/** ECS's own events about tasks: they carry the task's overrides, and so what a request says for its task. */
export async function events(endpoint: string, queueUrl: string): Promise<readonly Catch[]> {
  const bodies = await drained(endpoint, queueUrl);
  return bodies.map((body) => {
    const event: { detail?: { overrides?: { containerOverrides?: { environment?: unknown }[] } } } = JSON.parse(body);
    for (const override of event.detail?.overrides?.containerOverrides ?? []) override.environment = 'of the task';
    return { channel: 'ECS event', text: JSON.stringify(event) };
  });
}

/** What was published to the topic, as a queue that has subscribed gets it. */
export async function published(endpoint: string, queueUrl: string): Promise<readonly Catch[]> {
  const bodies = await drained(endpoint, queueUrl);
  return bodies.map((text) => ({ channel: 'notification sns', text }));
}

async function drained(endpoint: string, QueueUrl: string): Promise<readonly string[]> {
  const sqs = createSqsClient({ region: REGION, endpoint });
  const bodies: string[] = [];
  for (;;) {
    const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, VisibilityTimeout: 600 };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input));
    if (Messages.length === 0) break;
    bodies.push(...Messages.map(({ Body = '' }) => Body));
  }
  sqs.destroy();
  return bodies;
}

/** The output of tasks, but of those whose program itself prints a secret: that is its author's doing. */
export async function taskLogs(endpoint: string, printed: readonly string[]): Promise<readonly Catch[]> {
  const logs = new CloudWatchLogsClient({ region: REGION, endpoint });
  const { events: lines = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/runs' }));
  logs.destroy();
  return lines
    .filter(({ message = '' }) => !printed.includes(message.trim()))
    .map(({ message = '' }) => ({ channel: 'task log', text: message }));
}
