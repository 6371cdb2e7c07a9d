import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { createSecretsClient } from '../../../src/aws/create-secrets-client.ts';
import { createSqsClient } from '../../../src/aws/create-sqs-client.ts';
import { type RunningCli, startCli } from '../../cli/cli-process.ts';
import { localEnv } from '../../cli/local-server.ts';
import { freePort } from '../../free-port.ts';
import { Stage } from '../../whole/stage.ts';
import { type CanaryPlace, makeCanaries } from './canaries.ts';
import { agentYaml, flowFiles } from './canary-config.ts';
import { events, files, published, records, taskLogs } from './collect-aws.ts';
import type { Catch } from './leak-net.ts';
import { openSinkServer, type SinkServer } from './sink-server.ts';

/** By which faults tell the agent's calls from the test's. */
export const AGENT_KEY = 'AGENT';

/** Keeps what it is told, and all that it could have learned besides. */
const KEEPER = `const { appendFileSync } = require('node:fs');
let text = '';
process.stdin.on('data', (chunk) => { text += chunk; });
process.stdin.on('end', () => appendFileSync(process.argv[2], JSON.stringify(process.env) + process.argv.join(' ') + text + '\\n'));
`;

/** Local AWS, an agent that is a process, and canaries wherever a secret may be put. */
export class CanaryWorld {
  readonly canaries: Readonly<Record<CanaryPlace, string>>;
  readonly url: string;
  readonly stage: Stage;
  readonly agent: RunningCli;
  readonly sink: SinkServer;
  /** Environment of commands, which have the token, as the agent does. */
  readonly env: Readonly<Record<string, string>>;
  readonly #queues: { readonly events: string; readonly observed: string; readonly told: string };

  private constructor(
    parts: Pick<CanaryWorld, 'canaries' | 'url' | 'stage' | 'agent' | 'sink' | 'env'>,
    queues: Queues,
  ) {
    this.canaries = parts.canaries;
    this.url = parts.url;
    this.stage = parts.stage;
    this.agent = parts.agent;
    this.sink = parts.sink;
    this.env = parts.env;
    this.#queues = queues;
  }

  static async open(): Promise<CanaryWorld> {
    const canaries = makeCanaries();
    const stage = await Stage.open(flowFiles(canaries), { eventsQueueUrl: 'observed' });
    const sink = await openSinkServer();
    const queues = await makeQueues(stage.aws.url);
    await makeSecrets(stage.aws.url, canaries);
    const folder = dirname(stage.configRef);
    writeFileSync(join(folder, 'keeper.cjs'), KEEPER);
    const urls = { sinkUrl: sink.url, goneUrl: `http://127.0.0.1:${await freePort()}`, eventsUrl: queues.events };
    const command = [process.execPath, join(folder, 'keeper.cjs'), join(folder, 'told.txt')];
    writeFileSync(stage.configRef, agentYaml({ canaries, ...urls, topicArn: await makeTopic(stage.aws.url), command }));
    const url = `http://127.0.0.1:${await freePort()}`;
    const env = {
      ...localEnv(stage.aws),
      AWS_ACCESS_KEY_ID: AGENT_KEY,
      AWS_SECRET_ACCESS_KEY: canaries.awsSecret,
      SLIPWAY_HTTP_TOKEN: canaries.token,
      SLIPWAY_QUEUE_URL: stage.queueUrl,
      SLIPWAY_AGENT_ADDRESS: url,
      DEBUG: '1',
    };
    const args = ['agent', 'start', '--config', stage.configRef, '--log-level', 'trace'];
    const agent = startCli(args, { cwd: folder, env });
    return new CanaryWorld({ canaries, url, stage, agent, sink, env }, queues);
  }

  async close(): Promise<void> {
    this.agent.child.kill('SIGKILL');
    await this.agent.ended();
    await this.sink.close();
    await this.stage.close();
  }

  /** A run request, with something secret beside its body. */
  async send(body: object | string, queue: 'requests' | 'events' = 'requests'): Promise<void> {
    const sqs = createSqsClient({ region: 'us-east-1', endpoint: this.stage.aws.url });
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queue === 'requests' ? this.stage.queueUrl : this.#queues.events,
        MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
        MessageAttributes: { secret: { DataType: 'String', StringValue: this.canaries.attribute } },
      }),
    );
    sqs.destroy();
  }

  /** What the command sink has been told. */
  get commandTold(): string {
    const path = join(dirname(this.stage.configRef), 'told.txt');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Everything that processes and AWS hold by now, but for what commands and HTTP answers say. */
  async collect(printed: readonly string[]): Promise<readonly Catch[]> {
    const { url } = this.stage.aws;
    const { stdout, stderr } = this.agent.output;
    return [
      ...stdout.split('\n').map((text) => ({ channel: 'agent log', text })),
      { channel: 'agent errors', text: stderr },
      ...this.sink.received.map((text) => ({ channel: 'notification webhook', text })),
      { channel: 'notification command', text: this.commandTold },
      ...(await published(url, this.#queues.told)),
      ...(await records(url)),
      ...(await files(url)),
      ...(await events(url, this.#queues.observed)),
      ...(await taskLogs(url, printed)),
    ];
  }
}

type Queues = { readonly events: string; readonly observed: string; readonly told: string };

async function makeQueues(endpoint: string): Promise<Queues> {
  const sqs = createSqsClient({ region: 'us-east-1', endpoint });
  const [events = '', observed = '', told = ''] = await Promise.all(
    ['events', 'observed', 'told'].map(async (QueueName) => {
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
      return QueueUrl ?? '';
    }),
  );
  sqs.destroy();
  return { events, observed, told };
}

async function makeTopic(endpoint: string): Promise<string> {
  const sns = new SNSClient({ region: 'us-east-1', endpoint });
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'ends' }));
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:told';
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  sns.destroy();
  return TopicArn;
}

async function makeSecrets(endpoint: string, canaries: Readonly<Record<CanaryPlace, string>>): Promise<void> {
  const secrets = createSecretsClient({ region: 'us-east-1', endpoint });
  const values = { 'db-password': canaries.secret, 'db-json': JSON.stringify({ password: canaries.secretMember }) };
  for (const [Name, SecretString] of Object.entries(values)) {
    await secrets.send(new CreateSecretCommand({ Name, SecretString, ClientRequestToken: randomUUID() }));
  }
  secrets.destroy();
}
