import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEcsClients } from '../../src/aws/create-ecs-client.ts';
import { EcsTaskHost } from '../../src/aws/ecs-task-host.ts';
import type { Intent } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import type { Registration } from '../../src/core/task-host.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';

const stop = new AbortController().signal;
const input: RegisterTaskDefinitionCommandInput = {
  family: 'slipway-hello',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'flow', image: 'busybox', command: ['sleep', '60'] }],
};
const definition: Registration = { kind: 'register', family: 'slipway-hello', hash: 'h', input };

let aws: LocalAws;
let host: EcsTaskHost;
let taskDefinition: string;
let count = 0;

beforeAll(async () => {
  aws = await startLocalAws();
  host = new EcsTaskHost(createEcsClients({ region: 'us-east-1', endpoint: aws.url }));
  const registered = await host.register(definition, stop);
  if (!registered.ok) throw new Error(registered.error.reason.evidence);
  taskDefinition = registered.value;
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.faults.clear();
  count += 1;
});

function intent(over: Partial<Intent['request']> = {}): Intent {
  return {
    request: {
      cluster: 'default',
      clientToken: `token-${count}`,
      startedBy: `slipway/run-${count}/1`,
      taskDefinition,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
      ...over,
    },
    container: 'flow',
    worker: false,
    policy: DEFAULT_POLICY,
    createdAt: 0,
  };
}

async function launched(over: Partial<Intent['request']> = {}): Promise<string> {
  const outcome = await host.launch(intent(over), stop);
  if (outcome.kind !== 'launched') throw new Error(outcome.reason.evidence);
  return outcome.taskArn;
}

describe('ECS as a place where tasks run', () => {
  it('answers a repeated request with the same task', async () => {
    expect(await launched()).toBe(await launched());
  });

  it('adopts the task of its own token when the request differs', async () => {
    const first = await launched();
    expect(await launched({ group: 'other' })).toBe(first);
  });

  it('calls an answer that never came unclear, and the repeat meets the task', async () => {
    aws.faults.add({ operation: 'ecs.RunTask', fault: { kind: 'lose-response' } });
    expect(await host.launch(intent(), stop)).toMatchObject({ kind: 'unclear' });
    aws.faults.clear();
    const found = await host.findTask('default', intent().request.startedBy, 'slipway-hello', stop);
    expect(await launched()).toBe(found);
  });

  it('sends a launch once, whatever comes of it', async () => {
    for (const fault of [
      { kind: 'lose-request' },
      { kind: 'error', name: 'ServerException', message: 'm', status: 500 },
    ] as const) {
      aws.faults.clear();
      aws.faults.add({ operation: 'ecs.RunTask', fault });
      const before = aws.faults.counts().get('ecs.RunTask') ?? 0;
      expect(await host.launch(intent(), stop)).toMatchObject({ kind: 'unclear' });
      expect((aws.faults.counts().get('ecs.RunTask') ?? 0) - before).toBe(1);
    }
  });

  it('calls an answer that ends in the middle unclear', async () => {
    aws.faults.add({ operation: 'ecs.RunTask', fault: { kind: 'truncate' } });
    expect(await host.launch(intent(), stop)).toMatchObject({ kind: 'unclear' });
  });

  it('calls a throttle not placed', async () => {
    const fault = { kind: 'error', name: 'ThrottlingException', message: 'Rate exceeded', status: 400 } as const;
    aws.faults.add({ operation: 'ecs.RunTask', fault });
    expect(await host.launch(intent(), stop)).toMatchObject({ kind: 'not-placed', reason: { code: 'THROTTLED' } });
  });

  it('calls an unknown cluster a refusal', async () => {
    const outcome = await host.launch(intent({ cluster: 'nowhere' }), stop);
    expect(outcome).toMatchObject({
      kind: 'refused',
      reason: { evidence: expect.stringContaining('ClusterNotFound') },
    });
  });

  it('sees a task that runs, one that was stopped, and none that never was', async () => {
    const running = await launched();
    await host.stopTask('default', running, 'cancelled by ann', stop);
    const nobody = `${running.slice(0, -4)}0000`;
    await expect
      .poll(async () => (await host.observe('default', [running, nobody], stop)).get(running), { timeout: 10_000 })
      .toMatchObject({ kind: 'stopped', task: { stopCode: 'UserInitiated', stoppedReason: 'cancelled by ann' } });
    expect((await host.observe('default', [nobody], stop)).get(nobody)).toEqual({ kind: 'missing' });
  });

  it('asks for two hundred and fifty tasks in three calls', async () => {
    const before = aws.faults.counts().get('ecs.DescribeTasks') ?? 0;
    const arn = await launched();
    const arns = Array.from({ length: 250 }, (_, i) => `${arn.slice(0, -4)}${String(i).padStart(4, '0')}`);
    expect((await host.observe('default', arns, stop)).size).toBe(250);
    expect((aws.faults.counts().get('ecs.DescribeTasks') ?? 0) - before).toBe(3);
  });

  it('finds a stopped task by its startedBy', async () => {
    const arn = await launched();
    await host.stopTask('default', arn, 'done', stop);
    await expect
      .poll(async () => (await host.observe('default', [arn], stop)).get(arn)?.kind, { timeout: 10_000 })
      .toBe('stopped');
    expect(await host.findTask('default', intent().request.startedBy, 'slipway-hello', stop)).toBe(arn);
  });

  it('stops what is gone already without a word', async () => {
    const arn = `${(await launched()).slice(0, -4)}ffff`;
    await expect(host.stopTask('default', arn, 'gone', stop)).resolves.toBeUndefined();
  });
});
