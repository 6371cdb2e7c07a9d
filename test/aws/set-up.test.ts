import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { GetPublicAccessBlockCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ListQueuesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { createS3Client } from '../../src/aws/create-s3-client.ts';
import { createSqsClient } from '../../src/aws/create-sqs-client.ts';
import { type SetUpClients, type SetUpNames, setUp } from '../../src/aws/set-up.ts';
import type { SetUpStep } from '../../src/aws/set-up-step.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { systemClock } from '../../src/service/clock.ts';

const NAMES: SetUpNames = { table: 'runs', queues: ['requests'], bucket: 's3://files/of/slipway' };
const NEVER = new AbortController().signal;

let aws: LocalAws;
let clients: SetUpClients;

beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  aws = await startLocalAws({});
  const options = { endpoint: aws.url, region: 'us-east-1' };
  clients = { dynamoDb: createDynamoDbClient(options), sqs: createSqsClient(options), s3: createS3Client(options) };
});
afterEach(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await aws.stop();
  vi.unstubAllEnvs();
});

async function steps(names = NAMES, dryRun = false): Promise<SetUpStep[]> {
  const sleep = (): Promise<void> => systemClock.sleep(10, NEVER);
  const done: SetUpStep[] = [];
  for await (const step of setUp(clients, names, { dryRun, sleep })) done.push(step);
  return done;
}

const outcomes = (done: readonly SetUpStep[]) => done.map(({ kind, name, outcome }) => `${kind} ${name} ${outcome}`);

describe('the set-up', () => {
  it('makes table, queue, dead-letter queue and bucket', async () => {
    expect(outcomes(await steps())).toEqual([
      'table runs created',
      'queue requests-dlq created',
      'queue requests created',
      'bucket files created',
    ]);
  });

  it('makes a table on demand with all indexes, time to live and point-in-time recovery', async () => {
    await steps();
    const table = { TableName: 'runs' };
    const { Table } = await clients.dynamoDb.send(new DescribeTableCommand(table));
    expect(Table?.TableStatus).toBe('ACTIVE');
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort()).toEqual([
      'byDay',
      'byFlow',
      'inFlight',
      'queued',
    ]);
    const ttl = await clients.dynamoDb.send(new DescribeTimeToLiveCommand(table));
    expect(ttl.TimeToLiveDescription?.AttributeName).toBe('ttl');
    const backups = await clients.dynamoDb.send(new DescribeContinuousBackupsCommand(table));
    expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
      'ENABLED',
    );
  });

  it('sends a message to the dead-letter queue after 20 receives', async () => {
    const [, deadLetters, queue] = await steps();
    const attributes = await attributesOf(queue?.url);
    expect(attributes).toMatchObject({ VisibilityTimeout: '90', MessageRetentionPeriod: '345600' });
    expect(JSON.parse(attributes.RedrivePolicy ?? '')).toEqual({
      deadLetterTargetArn: (await attributesOf(deadLetters?.url)).QueueArn,
      maxReceiveCount: 20,
    });
    expect(await attributesOf(deadLetters?.url)).toMatchObject({ MessageRetentionPeriod: '1209600' });
  });

  it('changes nothing when it is repeated', async () => {
    await steps();
    expect(outcomes(await steps())).toEqual([
      'table runs exists',
      'queue requests-dlq exists',
      'queue requests exists',
      'bucket files exists',
    ]);
  });

  it('makes nothing in a dry run, and says what it would make', async () => {
    expect(outcomes(await steps(NAMES, true))).toContain('table runs created');
    expect((await clients.sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
    await expect(clients.dynamoDb.send(new DescribeTableCommand({ TableName: 'runs' }))).rejects.toThrow();
  });

  it('adds to an older table the indexes that it lacks, one after the other', async () => {
    const { GlobalSecondaryIndexes = [], ...schema } = tableSchema('runs');
    const used = new Set(['PK', 'SK', 'flowKey', 'timeKey']);
    await clients.dynamoDb.send(
      new CreateTableCommand({
        ...schema,
        AttributeDefinitions: schema.AttributeDefinitions?.filter(({ AttributeName }) => used.has(AttributeName ?? '')),
        GlobalSecondaryIndexes: GlobalSecondaryIndexes.filter(({ IndexName }) => IndexName === 'byFlow'),
      }),
    );
    const [dry] = await steps({ table: 'runs', queues: [] }, true);
    const [table] = await steps({ table: 'runs', queues: [] });
    expect(dry).toEqual(table);
    expect(table).toMatchObject({
      outcome: 'updated',
      details: [
        'index byDay added',
        'index queued added',
        'index inFlight added',
        'time to live on ttl',
        expect.anything(),
      ],
    });
    const { Table } = await clients.dynamoDb.send(new DescribeTableCommand({ TableName: 'runs' }));
    expect(Table?.GlobalSecondaryIndexes).toHaveLength(4);
  });

  it('refuses a table with other keys', async () => {
    await clients.dynamoDb.send(
      new CreateTableCommand({
        TableName: 'runs',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    await expect(steps()).rejects.toThrow('the table runs has the keys id (HASH)');
  });

  it('raises a queue to what is needed, and keeps what somebody chose beyond that', async () => {
    const [, , queue] = await steps();
    await clients.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: queue?.url,
        Attributes: { VisibilityTimeout: '30', MessageRetentionPeriod: '1209600' },
      }),
    );
    const [, , updated] = await steps();
    expect(updated).toMatchObject({ outcome: 'updated', details: ['VisibilityTimeout 90'] });
    expect(await attributesOf(queue?.url)).toMatchObject({
      VisibilityTimeout: '90',
      MessageRetentionPeriod: '1209600',
    });
  });

  it('closes a bucket that is open', async () => {
    await steps();
    const open = {
      BlockPublicAcls: false,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    };
    await clients.s3.send(new PutPublicAccessBlockCommand({ Bucket: 'files', PublicAccessBlockConfiguration: open }));
    const bucket = (await steps()).at(-1);
    expect(bucket).toMatchObject({ outcome: 'updated', details: ['public access blocked'] });
    const { PublicAccessBlockConfiguration } = await clients.s3.send(
      new GetPublicAccessBlockCommand({ Bucket: 'files' }),
    );
    expect(Object.values(PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
  });

  it('makes a FIFO queue with a FIFO dead-letter queue', async () => {
    expect(outcomes(await steps({ queues: ['orders.fifo'] }))).toEqual([
      'queue orders-dlq.fifo created',
      'queue orders.fifo created',
    ]);
  });
});

async function attributesOf(url = ''): Promise<Partial<Record<string, string>>> {
  const { Attributes = {} } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return Attributes;
}
