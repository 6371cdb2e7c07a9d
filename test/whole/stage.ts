import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { DEFAULT_PACE, LOCAL_PACE } from '../../src/agent/agent-pace.ts';
import { connectAws } from '../../src/agent/connect-aws.ts';
import { type Agent, createAgent } from '../../src/agent/create-agent.ts';
import { createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { createS3Client } from '../../src/aws/create-s3-client.ts';
import { createSqsClient } from '../../src/aws/create-sqs-client.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { formatFault } from '../../src/core/fault.ts';
import { type FlowRun, isFinished } from '../../src/core/run.ts';
import type { RunStore } from '../../src/core/run-store.ts';
import type { EcsSettings } from '../../src/local/ecs/ecs-options.ts';
import type { AccessSettings } from '../../src/local/iam/access-gate.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { systemClock } from '../../src/service/clock.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { type Log, silentLog } from '../../src/service/log.ts';
import { fileSourceReader } from '../../src/templates/read-file-source.ts';
import type { Settings } from '../../src/templates/settings.ts';
import { loadWorkspace } from '../../src/templates/workspace.ts';
import { TEST_PROCESS } from '../fakes/presence.ts';
import { writeConfig } from './config.ts';

const WORKER = { command: [process.execPath, resolve('dist/worker/main.js')] };

/** Local AWS with everything that a fresh account has after `slipway setup`, and a configuration. */
export class Stage {
  readonly aws: LocalAws;
  readonly configRef: string;
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
  readonly store: RunStore;
  readonly #sqs: SQSClient;
  readonly #agents = new Set<ChildProcess>();

  private constructor(aws: LocalAws, sqs: SQSClient, queueUrl: string, deadLetterUrl: string, configRef: string) {
    this.aws = aws;
    this.#sqs = sqs;
    this.queueUrl = queueUrl;
    this.deadLetterUrl = deadLetterUrl;
    this.configRef = configRef;
    this.store = connectAws({ region: 'us-east-1', endpoint: aws.url }).runs('slipway');
  }

  /** With `access`, whoever signs with the access key `test` makes what there has to be: let it do so. */
  static async open(
    files: Readonly<Record<string, string>> = {},
    ecs: EcsSettings = {},
    access?: AccessSettings,
  ): Promise<Stage> {
    const aws = await startLocalAws({
      images: { 'slipway-worker': WORKER },
      ecs,
      ...(access === undefined ? {} : { access }),
    });
    const options = { region: 'us-east-1', endpoint: aws.url };
    const dynamodb = createDynamoDbClient(options);
    await dynamodb.send(new CreateTableCommand(tableSchema('slipway')));
    await waitUntilTableExists({ client: dynamodb, minDelay: 1, maxWaitTime: 30 }, { TableName: 'slipway' });
    dynamodb.destroy();
    const s3 = createS3Client(options);
    await s3.send(new CreateBucketCommand({ Bucket: 'slipway' }));
    s3.destroy();
    const sqs = createSqsClient(options);
    const { QueueUrl: dead = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'slipway-dlq' }));
    const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:slipway-dlq';
    const { QueueUrl: queue = '' } = await sqs.send(
      new CreateQueueCommand({
        QueueName: 'slipway',
        Attributes: {
          VisibilityTimeout: '5',
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 20 }),
        },
      }),
    );
    return new Stage(aws, sqs, queue, dead, writeConfig(files));
  }

  async close(): Promise<void> {
    for (const agent of this.#agents) agent.kill('SIGKILL');
    this.#sqs.destroy();
    await this.aws.stop();
    rmSync(dirname(this.configRef), { recursive: true, force: true });
  }

  async send(body: object | string): Promise<void> {
    const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.queueUrl, MessageBody }));
  }

  /** An agent in this process; a test calls `processAll` as often as it needs. */
  async agent(log: Log = silentLog, more: Settings = {}): Promise<Agent> {
    const settings = { queues: { value: [{ url: this.queueUrl }], origin: '--queue-url' }, ...more };
    const workspace = await loadWorkspace({
      configRef: this.configRef,
      settings,
      reader: fileSourceReader,
      hostName: 'host',
    });
    if (!workspace.ok) throw new Error(workspace.error.map(formatFault).join('\n'));
    const aws = connectAws({ region: 'us-east-1', endpoint: this.aws.url });
    const { soonestMs, putOffSeconds } = LOCAL_PACE;
    const pace = { ...DEFAULT_PACE, soonestMs, putOffSeconds };
    const where = { aws, table: 'slipway', process: TEST_PROCESS };
    return createAgent({ workspace: workspace.value, ...where, clock: systemClock, log, pace });
  }

  /** An agent as a process, to be killed. */
  startAgent(...flags: readonly string[]): ChildProcess {
    const args = ['agent', 'start', '--config', this.configRef, '--queue-url', this.queueUrl, '--log-level', 'info'];
    const agent = spawn(process.execPath, [resolve('dist/cli/main.js'), ...args, ...flags], {
      env: { ...process.env, AWS_ENDPOINT_URL: this.aws.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    agent.stdout?.resume();
    this.#agents.add(agent);
    return agent;
  }

  /** Kills a process as nothing else would end it. */
  async kill(agent: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const exited = once(agent, 'exit');
    agent.kill(signal);
    const [code]: (number | null)[] = await exited;
    return code ?? null;
  }

  /** Messages waiting or in flight. */
  async depth(url: string = this.queueUrl): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  /** Messages that anybody may receive now. */
  async visible(): Promise<number> {
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Number(Attributes.ApproximateNumberOfMessages);
  }

  /** All runs on record. */
  async runs(): Promise<readonly FlowRun[]> {
    return (await this.store.list({ until: Date.now() + 1_000, limit: 10_000 })).runs;
  }

  /** Lets the agent work until every run on record has ended and there are as many as expected. */
  async processUntilEnded(agent: Agent, count: number): Promise<readonly FlowRun[]> {
    const stop = createStop().signal;
    for (;;) {
      await agent.processAll(stop);
      const runs = await this.runs();
      if (runs.length >= count && runs.every(isFinished)) return runs;
    }
  }

  /** Waits until so many runs have ended, by agents that are processes. */
  async untilEnded(count: number): Promise<readonly FlowRun[]> {
    for (;;) {
      const runs = await this.runs();
      if (runs.filter(isFinished).length >= count) return runs;
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }

  callsOf(operation: string): number {
    return this.aws.faults.counts().get(operation) ?? 0;
  }
}
