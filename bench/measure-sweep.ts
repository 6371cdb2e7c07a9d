import { type ECSClient, RegisterTaskDefinitionCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import pLimit from 'p-limit';
import { createDocumentClient, createDynamoDbClient } from '../src/aws/create-dynamodb-client.ts';
import { createEcsClient } from '../src/aws/create-ecs-client.ts';
import { DynamoRunStore } from '../src/aws/dynamo-run-store.ts';
import type { StartingRun } from '../src/core/run.ts';
import { DEFAULT_POLICY } from '../src/core/run-policy.ts';
import type { Figure } from './figure.ts';
import { callsOf, openStage, type Stage, spawnAgent, until } from './local-stage.ts';

const TASKS = 10_000;

/** Below the start timeout, which would stop them, and young enough that no sighting is to be kept. */
const AGE_MS = 9 * 60_000;

/** API RunTask: tasks of one call. */
const PER_CALL = 10;

/** An agent finds ten thousand runs in flight, and looks at each of their tasks once, at its rates of production. */
export async function measureSweep(): Promise<readonly Figure[]> {
  const stage = await openStage();
  try {
    await putInFlight(stage);
    const calls = () => callsOf(stage, 'ecs.DescribeTasks') + callsOf(stage, 'ecs.ListTasks');
    const before = calls();
    stage.aws.faults.record();
    const agent = spawnAgent(stage, { config: 'production.yaml' });
    await until(() => calls() > before);
    const began = performance.now();
    const seen = new Set<string>();
    let read = 0;
    await until(() => {
      const described = stage.aws.faults.recorded('ecs.DescribeTasks');
      for (; read < described.length; read += 1) for (const arn of tasksIn(described[read]?.input)) seen.add(arn);
      return seen.size >= TASKS;
    });
    const seconds = (performance.now() - began) / 1000;
    const made = calls() - before;
    await agent.drain();
    return [
      { name: '10 000 tasks in flight, one sweep: calls of ECS', value: made, unit: '', aim: '≤ 110' },
      { name: '10 000 tasks in flight, one sweep', value: seconds, unit: 's', aim: '≤ 10' },
    ];
  } finally {
    await stage.stop();
  }
}

function tasksIn(input: unknown): readonly string[] {
  const { tasks = [] }: { tasks?: string[] } = JSON.parse(JSON.stringify(input));
  return tasks;
}

/** Tasks in ECS, and a run of each on record. */
async function putInFlight({ aws }: Stage): Promise<void> {
  const options = { region: 'us-east-1', endpoint: aws.url };
  const ecs = createEcsClient(options);
  const dynamodb = createDynamoDbClient(options);
  const store = new DynamoRunStore(createDocumentClient(dynamodb), 'slipway');
  const taskDefinition = await register(ecs);
  const limit = pLimit(50);
  const starts = Array.from({ length: TASKS / PER_CALL }, (_, i) => limit(() => runTasks(ecs, taskDefinition, i)));
  const arns = (await Promise.all(starts)).flat();
  await Promise.all(arns.map((arn, i) => limit(() => store.accept(startingRun(arn, taskDefinition, i)))));
  ecs.destroy();
  dynamodb.destroy();
}

async function register(ecs: ECSClient): Promise<string> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'slipway-noop',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'flow', image: 'busybox' }],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? '';
}

async function runTasks(ecs: ECSClient, taskDefinition: string, call: number): Promise<readonly string[]> {
  const { tasks = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: 'default',
      taskDefinition,
      count: PER_CALL,
      launchType: 'FARGATE',
      startedBy: `slipway/sweep-${call}/1`,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
    }),
  );
  return tasks.flatMap(({ taskArn }) => taskArn ?? []);
}

function startingRun(taskArn: string, taskDefinition: string, index: number): StartingRun {
  const runId = `sweep-${index}`;
  // Ten thousand runs were not launched in one moment: at 18 a second it takes nine minutes.
  const now = Date.now() - AGE_MS;
  return {
    runId,
    version: 1,
    request: {
      flow: 'noop',
      flowVersion: 'latest',
      org: 'default',
      parameters: {},
      runConfig: {},
      labels: [],
      priority: 0,
      trigger: { source: 'bench' },
      metadata: {},
    },
    bodyHash: runId,
    requestedAt: now,
    attempt: 1,
    attempts: [],
    history: [],
    status: 'STARTING',
    intent: {
      request: { cluster: 'default', clientToken: runId, startedBy: `slipway/${runId}/1`, taskDefinition },
      container: 'flow',
      worker: false,
      policy: DEFAULT_POLICY,
      createdAt: now,
    },
    task: { taskArn, launchedAt: now },
  };
}
