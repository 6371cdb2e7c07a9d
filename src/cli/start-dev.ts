import { LOCAL_PACE } from '../agent/agent-pace.ts';
import { type AwsPorts, connectAws } from '../agent/connect-aws.ts';
import { createAgent } from '../agent/create-agent.ts';
import type { AwsClientOptions } from '../aws/client-options.ts';
import { createDynamoDbClient } from '../aws/create-dynamodb-client.ts';
import { createEcsClient } from '../aws/create-ecs-client.ts';
import { createS3Client } from '../aws/create-s3-client.ts';
import { createSqsClient } from '../aws/create-sqs-client.ts';
import { setUp } from '../aws/set-up.ts';
import { setUpCluster } from '../aws/set-up-cluster.ts';
import { formatFault } from '../core/fault.ts';
import type { Clock } from '../service/clock.ts';
import { type StopOnSignals, stopOnSignals } from '../service/stop-on-signals.ts';
import type { Settings } from '../templates/settings.ts';
import type { Workspace } from '../templates/workspace.ts';
import { agentSettings } from './agent-settings.ts';
import type { CliContext } from './cli-context.ts';
import { ConfigReader } from './config-reader.ts';
import { fromAnywhere, ownConfig } from './config-ref.ts';
import { localConnection } from './connection.ts';
import { bannerText } from './dev-banner.ts';
import { devLog } from './dev-log.ts';
import { type DevSession, ownDevSession, publishDevSession } from './dev-session.ts';
import { useTestCredentials } from './env.ts';
import { exampleConfig } from './example-config.ts';
import { EXIT } from './exit-codes.ts';
import { LOCAL_REGION, type LocalAwsFlags, openLocalAws, stateFolder } from './open-local-aws.ts';
import { readParameters } from './run-parameters.ts';
import { runMessage } from './run-request-body.ts';
import { RunTicker } from './run-ticker.ts';
import { watchStarted } from './start-run.ts';
import { thisProcess } from './this-process.ts';
import { usageError } from './user-error.ts';

export interface StartDevFlags extends LocalAwsFlags {
  readonly config?: string | undefined;
  readonly flows?: string | undefined;
  /** Runs this flow, then ends with its exit code. */
  readonly once?: string | undefined;
  readonly param?: readonly string[] | undefined;
}

const NAMES = { table: 'slipway', queue: 'slipway', bucket: 's3://slipway', cluster: 'default' } as const;

const ANSWER_WITHIN_MS = 2_000;

//  local AWS ─> set up ─> workspace ─> dev.json, banner ─> agent + ticker ─> stop: tasks end, dev.json goes
export async function startDev(flags: StartDevFlags, context: CliContext): Promise<number> {
  await refuseSecond(context.cwd);
  useTestCredentials();
  const signals = stopOnSignals(context.signals);
  const local = await openLocalAws(flags, context.cwd);
  try {
    const aws = { endpoint: local.url, region: LOCAL_REGION };
    const queueUrl = await setUpLocal(aws, context.clock, signals.stop.signal);
    const { table, bucket } = NAMES;
    const configRef = configOf(flags, context);
    const config = configRef === undefined ? {} : { config: fromAnywhere(configRef, context.cwd) };
    const session: DevSession = { ...aws, queueUrl, table, bucket, ...config, pid: process.pid };
    const source = { configRef, settings: devSettings(flags, session, context) };
    const workspace = await new ConfigReader(aws).workspace(source);
    const unpublish = publishDevSession(context.cwd, session);
    try {
      tellReady(workspace, session, source.configRef, flags, context);
      return await work(workspace, session, flags, context, signals);
    } finally {
      unpublish();
    }
  } finally {
    await local.stop();
    signals.release();
  }
}

async function refuseSecond(cwd: string): Promise<void> {
  const other = ownDevSession(cwd);
  if (other === undefined || !(await answers(other.endpoint))) return;
  throw usageError(
    `"slipway dev" runs in this folder already: ${other.endpoint} (process ${other.pid})`,
    'slipway run hello -p name=Ada --watch   finds it by itself',
  );
}

/** A session that was killed leaves its file, and another process may have its id by now. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return true;
  } catch {
    return false;
  }
}

async function setUpLocal(aws: AwsClientOptions, clock: Clock, stop: AbortSignal): Promise<string> {
  const clients = { dynamoDb: createDynamoDbClient(aws), sqs: createSqsClient(aws), s3: createS3Client(aws) };
  const sleep = (ms: number): Promise<void> => clock.sleep(Math.min(ms, 50), stop);
  let queueUrl = '';
  await setUpCluster(createEcsClient(aws), NAMES.cluster);
  const names = { table: NAMES.table, queues: [NAMES.queue], bucket: NAMES.bucket };
  for await (const step of setUp(clients, names, { dryRun: false, sleep })) {
    if (step.kind === 'queue' && step.name === NAMES.queue) queueUrl = step.url ?? queueUrl;
  }
  return queueUrl;
}

function configOf(flags: StartDevFlags, context: CliContext): string | undefined {
  return ownConfig(flags, context) ?? (flags.flows === undefined ? exampleConfig() : undefined);
}

/** What is local is said over agent.yaml, variables and all: no word of theirs may lead to a real account. */
function devSettings({ flows }: StartDevFlags, session: DevSession, { env }: CliContext): Settings {
  const origin = 'slipway dev';
  return {
    ...agentSettings({ flows }, env),
    name: { value: 'dev', origin },
    queues: { value: [{ url: session.queueUrl, priority: 0 }], origin },
    table: { value: session.table, origin },
    bucket: { value: session.bucket, origin },
    'ecs.cluster': { value: NAMES.cluster, origin },
  };
}

function tellReady(
  workspace: Workspace,
  session: DevSession,
  configRef: string | undefined,
  flags: StartDevFlags,
  { terminal, cwd, program }: CliContext,
): void {
  const facts = { program, session, workspace, configRef, stateDir: stateFolder(flags, cwd) };
  if (flags.once === undefined) terminal.data(bannerText(facts, terminal.dataStyle));
  for (const fault of workspace.flowFaults)
    terminal.say(`${terminal.style('yellow', 'left out:')} ${formatFault(fault)}`);
}

async function work(
  workspace: Workspace,
  session: DevSession,
  flags: StartDevFlags,
  context: CliContext,
  { stop, hurry }: StopOnSignals,
): Promise<number> {
  const { terminal, clock } = context;
  const aws = connectAws({ endpoint: session.endpoint, region: session.region, timing: clock });
  const ticker = new RunTicker({ store: aws.runs(session.table), clock, terminal });
  const onRun = flags.once === undefined ? (runId: string) => ticker.add(runId) : () => undefined;
  const log = devLog(terminal, onRun);
  const { table } = session;
  const agent = createAgent({ workspace, aws, table, process: thisProcess(), clock, log, pace: LOCAL_PACE });
  const hurried = new Promise<void>((resolve) => {
    hurry.addEventListener('abort', () => resolve(), { once: true });
  });
  const working = Promise.race([Promise.all([agent.run(stop), ticker.run(stop.signal)]), hurried]);
  if (flags.once === undefined) {
    await working;
    return EXIT.ok;
  }
  // A failing agent must not end the process before the watching has told of it.
  working.catch(() => undefined);
  try {
    return await runOnce(flags.once, flags, session, aws, context);
  } finally {
    stop.abort();
    await working;
  }
}

async function runOnce(
  flow: string,
  { param }: StartDevFlags,
  session: DevSession,
  aws: AwsPorts,
  context: CliContext,
): Promise<number> {
  const message = runMessage({ flow, parameters: await readParameters(param ?? [], context.cwd) }, context.env.user);
  await aws.queue(session.queueUrl).send(message.body);
  const options = { connection: localConnection(session), queueUrl: session.queueUrl, output: 'text' };
  return watchStarted({ runId: message.runId, flow }, options, context);
}
