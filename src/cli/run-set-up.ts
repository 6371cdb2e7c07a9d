import { createDynamoDbClient } from '../aws/create-dynamodb-client.ts';
import { createS3Client } from '../aws/create-s3-client.ts';
import { createSqsClient } from '../aws/create-sqs-client.ts';
import { setUp } from '../aws/set-up.ts';
import { queueNameOf } from '../aws/set-up-queue.ts';
import type { SetUpStep } from '../aws/set-up-step.ts';
import { stopOnSignals } from '../service/stop-on-signals.ts';
import type { AgentConfig } from '../templates/agent-config.ts';
import { agentSettings } from './agent-settings.ts';
import type { CliContext } from './cli-context.ts';
import { ConfigReader } from './config-reader.ts';
import { ownConfig } from './config-ref.ts';
import { awsOptions, localConnection } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { findDevSession } from './dev-session.ts';
import { EXIT } from './exit-codes.ts';
import { tableText } from './print-table.ts';
import { setUpNames } from './set-up-names.ts';

export interface RunSetUpFlags extends ConnectionFlags {
  readonly queue?: string | undefined;
  readonly dryRun: boolean;
  readonly output: string;
}

/** Makes table, queues and bucket, and prints a line for each as it is done. */
export async function runSetUp(flags: RunSetUpFlags, context: CliContext): Promise<number> {
  const { terminal, clock, signals } = context;
  const aws = awsFor(flags, context);
  const configRef = ownConfig(flags, context);
  const agent = await new ConfigReader(aws).agent({ configRef, settings: agentSettings({ ...flags }, context.env) });
  const clients = { dynamoDb: createDynamoDbClient(aws), sqs: createSqsClient(aws), s3: createS3Client(aws) };
  const { stop, release } = stopOnSignals(signals);
  const sleep = async (ms: number): Promise<void> => {
    await clock.sleep(ms, stop.signal);
    stop.signal.throwIfAborted();
  };
  const steps: SetUpStep[] = [];
  try {
    for await (const step of setUp(clients, setUpNames(agent, flags.queue), { dryRun: flags.dryRun, sleep })) {
      steps.push(step);
      if (flags.output !== 'json') terminal.data(stepText(step, flags.dryRun));
    }
  } finally {
    release();
  }
  if (flags.output === 'json') terminal.data(JSON.stringify(steps, null, 2));
  tellQueueUrls(steps, agent, context);
  return EXIT.ok;
}

function awsFor(flags: RunSetUpFlags, context: CliContext) {
  const session = flags.local ? findDevSession(context.cwd) : undefined;
  return session === undefined ? awsOptions(flags, context) : localConnection(session).aws;
}

function stepText({ kind, name, outcome, details }: SetUpStep, dryRun: boolean): string {
  const would = { created: 'would be created', updated: 'would be updated', exists: 'exists' } as const;
  return tableText([[kind.padEnd(6), name.padEnd(24), dryRun ? would[outcome] : outcome, details.join(', ')]]);
}

/** Only AWS knows the URL of a queue: agent.yaml must say the same. */
function tellQueueUrls(steps: readonly SetUpStep[], { queues }: AgentConfig, { terminal }: CliContext): void {
  const made = steps.filter(({ kind, name }) => kind === 'queue' && !/-dlq(?:\.fifo)?$/.test(name));
  for (const { name, url } of made) {
    const said = queues.find((queue) => queueNameOf(queue.url) === name)?.url;
    if (url === undefined || url === said) continue;
    if (said === undefined) terminal.say(`the queue's URL, for queues in agent.yaml: ${url}`);
    else terminal.say(`note: agent.yaml says ${said}, but the queue that this account has is ${url}`);
  }
}
