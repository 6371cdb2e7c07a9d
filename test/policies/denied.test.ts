import { afterEach, describe, expect, it } from 'vitest';
import { LOCAL_PACE } from '../../src/agent/agent-pace.ts';
import { connectAws } from '../../src/agent/connect-aws.ts';
import { createAgent } from '../../src/agent/create-agent.ts';
import type { PolicyDocument } from '../../src/cli/policies/policy-document.ts';
import { parseAccessDenied } from '../../src/core/access-denied.ts';
import { formatFault } from '../../src/core/fault.ts';
import { cancelRun } from '../../src/runs/cancel-run.ts';
import { systemClock } from '../../src/service/clock.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { createLog, describeError } from '../../src/service/log.ts';
import { fileSourceReader } from '../../src/templates/read-file-source.ts';
import { loadWorkspace } from '../../src/templates/workspace.ts';
import { runInProcess } from '../cli/cli-in-process.ts';
import { TEST_PROCESS } from '../fakes/presence.ts';
import { Stage } from '../whole/stage.ts';

const ACCOUNT = '000000000000';
const PRINCIPAL = `arn:aws:sts::${ACCOUNT}:assumed-role/slipway-agent/i-0`;
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/slipway`;
const QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:slipway`;
const DEFINITION = `arn:aws:ecs:us-east-1:${ACCOUNT}:task-definition/slipway-module:*`;
const TASK = `arn:aws:ecs:us-east-1:${ACCOUNT}:task/default/*`;

interface Denial {
  readonly operations: readonly string[];
  readonly resource: string;
  /** What makes the agent ask for it: a run, if left out. */
  readonly by?: 'bad body' | 'cancel' | 'large parameters';
}

/** Action → the calls that ask for it. */
const DENIALS: Readonly<Record<string, Denial>> = {
  'ecs:RunTask': { operations: ['ecs.RunTask'], resource: DEFINITION },
  'ecs:RegisterTaskDefinition': { operations: ['ecs.RegisterTaskDefinition'], resource: DEFINITION },
  'ecs:TagResource': { operations: ['ecs.RegisterTaskDefinition'], resource: DEFINITION },
  'iam:PassRole': { operations: ['ecs.RunTask'], resource: `arn:aws:iam::123456789012:role/execution` },
  'ecs:DescribeTasks': { operations: ['ecs.DescribeTasks'], resource: TASK },
  'ecs:StopTask': { operations: ['ecs.StopTask'], resource: TASK, by: 'cancel' },
  'sqs:ReceiveMessage': { operations: ['sqs.ReceiveMessage'], resource: QUEUE },
  'sqs:DeleteMessage': { operations: ['sqs.DeleteMessageBatch', 'sqs.DeleteMessage'], resource: QUEUE },
  'sqs:GetQueueAttributes': { operations: ['sqs.GetQueueAttributes'], resource: QUEUE, by: 'bad body' },
  'sqs:GetQueueUrl': { operations: ['sqs.GetQueueUrl'], resource: `${QUEUE}-dlq`, by: 'bad body' },
  'sqs:SendMessage': { operations: ['sqs.SendMessage'], resource: `${QUEUE}-dlq`, by: 'bad body' },
  'dynamodb:GetItem': { operations: ['dynamodb.GetItem'], resource: TABLE },
  'dynamodb:BatchGetItem': { operations: ['dynamodb.BatchGetItem'], resource: TABLE },
  'dynamodb:PutItem': { operations: ['dynamodb.PutItem'], resource: TABLE },
  'dynamodb:Query': { operations: ['dynamodb.Query'], resource: `${TABLE}/index/queued` },
  's3:PutObject': { operations: ['s3.PutObject'], resource: 'arn:aws:s3:::slipway/artifacts/module' },
  's3:GetObject': {
    operations: ['s3.GetObject'],
    resource: 'arn:aws:s3:::slipway/accepted/run',
    by: 'large parameters',
  },
};

/** Actions whose calls a plain run does not make: their words go the same ways. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  'ecs:ListTasks': 'only after an unclear launch, and every two minutes for orphans',
  'sqs:ChangeMessageVisibility': 'only for messages that arrive while the agent stops',
  'dynamodb:UpdateItem': 'only with limits of concurrency',
  'dynamodb:DeleteItem': 'only when a revision was deregistered',
  'dynamodb:ConditionCheckItem': 'only with limits of concurrency',
  's3:ListBucket': 'only with flows in S3',
};

let stage: Stage | undefined;
afterEach(() => stage?.close());

function deny(aws: Stage['aws'], action: string, { operations, resource }: Denial): void {
  const message = `User: ${PRINCIPAL} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
  const fault = { kind: 'error', name: 'AccessDeniedException', message, status: 400 } as const;
  for (const operation of operations) aws.faults.add({ operation, fault });
}

/** What an agent that may do all but this says, line by line: its log, and what failed around it. */
async function linesWithout(action: string, denial: Denial): Promise<readonly string[]> {
  stage = await Stage.open();
  const { aws, configRef, queueUrl, store } = stage;
  const settings = { queues: { value: [{ url: queueUrl }], origin: 'test' } };
  const workspace = await loadWorkspace({ configRef, settings, reader: fileSourceReader, hostName: 'host' });
  if (!workspace.ok) throw new Error(workspace.error.map(formatFault).join('\n'));
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => lines.push(line) });
  const ports = connectAws({ region: 'us-east-1', endpoint: aws.url });
  const pace = { ...LOCAL_PACE, soonestMs: 1 };
  const agent = createAgent({
    workspace: workspace.value,
    aws: ports,
    table: 'slipway',
    process: TEST_PROCESS,
    clock: systemClock,
    log,
    pace,
  });
  const stop = createStop().signal;
  const work = () => agent.processAll(stop).catch((error: unknown) => lines.push(describeError(error)));
  await stage.send(denial.by === 'bad body' ? 'no request' : requestFor(denial));
  if (denial.by === 'cancel') {
    await work();
    await cancelRun(store, { runId: 'run', by: 'test', reason: 'enough', now: Date.now() });
  }
  deny(aws, action, denial);
  for (let i = 0; i < 5 && !lines.some((line) => line.includes(action)); i += 1) await work();
  return lines;
}

function requestFor({ by }: Denial): object {
  if (by === 'cancel') return { flow: 'sleeps', runId: 'run' };
  return { flow: 'module', runId: 'run', parameters: { name: by === undefined ? 'Ada' : 'x'.repeat(200_000) } };
}

describe('an agent without one of its permissions', () => {
  it.each(Object.entries(DENIALS))('says in one line that it lacks %s, and on what', async (action, denial) => {
    const lines = await linesWithout(action, denial);
    const told = lines.filter((line) => line.includes(action) && line.includes(denial.resource));
    expect(told.length, lines.join('')).toBeGreaterThan(0);
    expect(parseAccessDenied(told[0] ?? '')).toMatchObject({ action, resource: denial.resource });
  });

  it('is shown for every action of the printed policy', async () => {
    stage = await Stage.open();
    const args = [
      'aws',
      'iam',
      '--config',
      stage.configRef,
      '--role',
      'agent',
      '--account',
      ACCOUNT,
      '--region',
      'us-east-1',
    ];
    const { stdout } = await runInProcess([...args, '--queue-url', stage.queueUrl]);
    const { Statement }: PolicyDocument = JSON.parse(stdout);
    const actions = new Set(Statement.flatMap(({ Action }) => Action));
    expect([...actions].sort()).toEqual([...Object.keys(DENIALS), ...Object.keys(NOT_SHOWN)].sort());
  });
});
