import { rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { addScheduledFlow } from '../../demo/scheduled-flow.ts';
import { LOCAL_PACE } from '../../src/agent/agent-pace.ts';
import { connectAws } from '../../src/agent/connect-aws.ts';
import { createServedAgent } from '../../src/agent/served-agent.ts';
import { MAX_ATTEMPTS } from '../../src/aws/budgeted-retries.ts';
import { adviceOnDenial } from '../../src/core/access-denied.ts';
import { formatFault } from '../../src/core/fault.ts';
import { isFinished } from '../../src/core/run.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { clockBeat } from '../../src/service/beat.ts';
import { systemClock } from '../../src/service/clock.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { createLog } from '../../src/service/log.ts';
import { fileSourceReader } from '../../src/templates/read-file-source.ts';
import { loadWorkspace, type Workspace } from '../../src/templates/workspace.ts';
import { DemoDirector } from './demo-director.ts';
import { ACCOUNT, writeDemoFolder } from './demo-folder.ts';
import { PUT_OFF_RUN, SCENES, type Scene } from './demo-scenes.ts';
import { Operator } from './operator.ts';
import { type Policies, printedPolicies, type Role, roleArn } from './printed-policies.ts';
import { type Trouble, troublesInLog, troublesOfRuns } from './troubles.ts';

export interface LifeOptions {
  /** Makes the policies that are in force from those that are printed. */
  readonly limit?: (printed: Policies) => Policies;
  readonly scenes?: readonly Scene[];
  readonly withSchedule?: boolean;
  /** Ends it early: asked each time when something new may have been said. */
  readonly isEnough?: (troubles: readonly Trouble[]) => boolean;
}

/** What there was to see of a life. */
export interface LifeStory {
  /** In the order in which they were told. */
  readonly troubles: readonly Trouble[];
  /** Everything that agent and tasks have said. */
  readonly lines: readonly string[];
  readonly judged: ReturnType<LocalAws['judged']>;
  /** Whether all that should has ended. */
  readonly isWhole: boolean;
}

/** The access key that every SDK client in this process signs with, unless it is given another: the agent's. */
const AGENT_KEY = 'test';
const WORKER = { command: [process.execPath, resolve('dist/worker/main.js')] };
/** Schedules and housekeeping look so often. */
const BEAT_MS = 1_000;
const LOOK_EVERY_MS = 100;
const GIVE_UP_AFTER_MS = 60_000;

/** The demo from its first message to the agent's end, in local AWS where nobody may do more than policies say. */
export async function liveThrough(options: LifeOptions = {}): Promise<LifeStory> {
  const { limit = (printed) => printed, scenes = SCENES } = options;
  // The secret's ARN is known only when it is made, and the policies name it.
  const configRef = await writeDemoFolder(`arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:demo/password`);
  const policies = limit(await printedPolicies(configRef));
  const aws = await openAws(policies);
  const operator = new Operator(aws.url);
  try {
    await operator.setUp();
    return await runDemo({ ...options, scenes }, { aws, operator, configRef });
  } finally {
    operator.close();
    await aws.stop();
    rmSync(dirname(configRef), { recursive: true, force: true });
  }
}

async function openAws({ agent, task, execution }: Policies): Promise<LocalAws> {
  const arn = (role: Role): string => roleArn(role);
  const aws = await startLocalAws({
    images: { 'slipway-worker': WORKER },
    access: {
      principals: [
        { accessKeyId: AGENT_KEY, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/slipway-agent/i-0`, policies: [agent] },
      ],
      roles: { [arn('task')]: [task], [arn('execution')]: [execution] },
    },
  });
  aws.faults.add({
    operation: 'dynamodb.PutItem',
    times: MAX_ATTEMPTS,
    matching: ({ input }) => JSON.stringify(input).includes(`RUN#${PUT_OFF_RUN}"`),
    fault: { kind: 'error', name: 'InternalServerError', message: 'injected', status: 500 },
  });
  return aws;
}

interface Stage {
  readonly aws: LocalAws;
  readonly operator: Operator;
  readonly configRef: string;
}

async function runDemo(
  options: LifeOptions & { readonly scenes: readonly Scene[] },
  { aws, operator, configRef }: Stage,
): Promise<LifeStory> {
  const lines: string[] = [];
  const agent = await startAgent(aws, operator, configRef, lines);
  const director = new DemoDirector(operator, options.scenes);
  const count = runsOf(options.scenes);
  const ticked = options.withSchedule ? addScheduledFlow(join(dirname(configRef), 'flows')).run.runId : undefined;
  const look = async () => {
    const taskLines = await operator.taskLines();
    const runs = await operator.runs();
    await director.react(runs);
    const troubles = [
      ...troublesInLog('agent log', lines),
      ...troublesInLog('task log', taskLines),
      ...troublesOfRuns(runs, options.scenes),
    ].sort((a, b) => a.at - b.at);
    const wanted = count + (ticked === undefined ? 0 : 1);
    const isWhole = runs.length >= wanted && runs.every(isFinished);
    return { troubles, isWhole, lines: [...lines, ...taskLines] };
  };
  const until = Date.now() + GIVE_UP_AFTER_MS;
  let seen = await look();
  while (!seen.isWhole && !options.isEnough?.(seen.troubles) && Date.now() < until) {
    await new Promise((wake) => setTimeout(wake, LOOK_EVERY_MS));
    seen = await look();
  }
  const { isWhole } = seen;
  await agent.stop();
  return { ...(await look()), isWhole, judged: aws.judged() };
}

/** Each message makes a run, but for the one that is sent twice. */
function runsOf(scenes: readonly Scene[]): number {
  return new Set(scenes.map(({ body }) => body)).size;
}

async function startAgent(aws: LocalAws, { queueUrl }: Operator, configRef: string, lines: string[]) {
  const workspace = await workspaceOf(configRef, queueUrl);
  const stop = createStop();
  const options = { region: 'us-east-1', endpoint: aws.url, timing: systemClock };
  const agent = createServedAgent({
    workspace,
    connect: (onCall) => connectAws({ ...options, onCall }),
    table: 'slipway',
    address: { host: '127.0.0.1', port: 0, url: 'http://127.0.0.1:0' },
    token: undefined,
    process: { host: 'host', pid: process.pid, version: '0' },
    clock: systemClock,
    pace: LOCAL_PACE,
    beats: () => clockBeat(systemClock, BEAT_MS),
    log: createLog('info', { write: (line) => void lines.push(line) }, {}, adviceOnDenial),
  });
  const running = agent.run(stop);
  return {
    stop: async (): Promise<void> => {
      stop.abort();
      await running;
    },
  };
}

async function workspaceOf(configRef: string, queueUrl: string): Promise<Workspace> {
  const settings = { queues: { value: [{ url: queueUrl, priority: 0 }], origin: 'test' } };
  const workspace = await loadWorkspace({ configRef, settings, reader: fileSourceReader, hostName: 'host' });
  if (!workspace.ok) throw new Error(workspace.error.map(formatFault).join('\n'));
  return workspace.value;
}
