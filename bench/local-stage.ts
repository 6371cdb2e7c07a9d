import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { createDynamoDbClient } from '../src/aws/create-dynamodb-client.ts';
import { createS3Client } from '../src/aws/create-s3-client.ts';
import { createSqsClient } from '../src/aws/create-sqs-client.ts';
import { tableSchema } from '../src/aws/table-schema.ts';
import type { EcsSettings } from '../src/local/ecs/ecs-options.ts';
import { type LocalAws, startLocalAws } from '../src/local/start-local-aws.ts';
import { benchEnv } from './env.ts';

/** Local AWS with a table, a queue and a bucket, whose tasks stay in PROVISIONING: what is measured is the way to them. */
export interface Stage {
  readonly aws: LocalAws;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  stop(): Promise<void>;
}

const A_DAY_MS = 86_400_000;

export async function openStage(ecs: EcsSettings = {}): Promise<Stage> {
  const aws = await startLocalAws({ ecs: { delays: { provisioningMs: A_DAY_MS }, ...ecs } });
  const options = { region: 'us-east-1', endpoint: aws.url };
  const dynamodb = createDynamoDbClient(options);
  await dynamodb.send(new CreateTableCommand(tableSchema('slipway')));
  await waitUntilTableExists({ client: dynamodb, minDelay: 1, maxWaitTime: 30 }, { TableName: 'slipway' });
  dynamodb.destroy();
  const s3 = createS3Client(options);
  await s3.send(new CreateBucketCommand({ Bucket: 'slipway' }));
  s3.destroy();
  const sqs = createSqsClient(options);
  const { QueueUrl: queueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'slipway' }));
  return {
    aws,
    sqs,
    queueUrl,
    stop: async () => {
      sqs.destroy();
      await aws.stop();
    },
  };
}

/** Fills the queue with run requests; `over` is laid over each. */
export async function sendRequests({ sqs, queueUrl }: Stage, count: number, over: object = {}): Promise<void> {
  for (let sent = 0; sent < count; sent += 10) {
    const Entries = Array.from({ length: Math.min(10, count - sent) }, (_, i) => ({
      Id: String(i),
      MessageBody: JSON.stringify({ flow: 'noop', parameters: { number: sent + i }, ...over }),
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

/** Calls of an operation so far. */
export function callsOf({ aws }: Stage, operation: string): number {
  return aws.faults.counts().get(operation) ?? 0;
}

/** An agent as a process of its own; the returned function drains it. */
export async function startAgent(stage: Stage, ...flags: readonly string[]): Promise<() => Promise<void>> {
  return spawnAgent(stage, { flags }).drain;
}

export interface AgentProcess {
  readonly pid: number;
  drain(): Promise<void>;
}

export interface AgentStart {
  /** Of the files in `config`; without one, an agent that nothing holds back. */
  readonly config?: string;
  readonly flags?: readonly string[];
  /** Of Node itself. */
  readonly nodeFlags?: readonly string[];
}

/** An agent as a process of its own, as in production. */
export function spawnAgent({ aws, queueUrl }: Stage, start: AgentStart = {}): AgentProcess {
  const { config: file = 'agent.yaml', flags = [], nodeFlags = [] } = start;
  const config = new URL(`config/${file}`, import.meta.url).pathname;
  const args = [
    ...nodeFlags,
    'dist/cli/main.js',
    'agent',
    'start',
    '--config',
    config,
    '--queue-url',
    queueUrl,
    '--log-level',
    'error',
  ];
  const agent = spawn(process.execPath, [...args, ...flags], {
    env: { ...benchEnv(), AWS_ENDPOINT_URL: aws.url },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(agent, 'exit');
  return {
    pid: agent.pid ?? 0,
    drain: async () => {
      agent.kill('SIGTERM');
      await exited;
    },
  };
}

/** Where no work of its own is to be measured, a look now and then is enough. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves when `done()` says so; looks every few milliseconds. */
export async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 2));
}
