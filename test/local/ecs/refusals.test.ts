import {
  type ContainerDefinition,
  CreateClusterCommand,
  DeleteClusterCommand,
  ExecuteCommandCommand,
  GetTaskProtectionCommand,
  ListTasksCommand,
  PutClusterCapacityProvidersCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  TagResourceCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { register, run, shell } from './run-a-task.ts';
import { ON_FARGATE, type StartedEcs, startEcs } from './start-ecs.ts';

let local: StartedEcs;

beforeEach(async () => {
  local = await startEcs();
});

afterEach(() => local.stop());

describe('RunTask', () => {
  const network = (subnets: number, groups = 1) => ({
    awsvpcConfiguration: {
      subnets: Array.from({ length: subnets }, (_, i) => `subnet-${i}`),
      securityGroups: Array.from({ length: groups }, (_, i) => `sg-${i}`),
    },
  });
  const cases: readonly [string, Partial<RunTaskCommandInput>, string, RegExp][] = [
    ['no subnets', { networkConfiguration: network(0) }, 'InvalidParameterException', /Subnets can not be empty/],
    ['more than 16 subnets', { networkConfiguration: network(17) }, 'InvalidParameterException', /16/],
    ['more than 5 security groups', { networkConfiguration: network(1, 6) }, 'InvalidParameterException', /5/],
    [
      'a platform version that does not exist',
      { platformVersion: '9.9.9' },
      'PlatformUnknownException',
      /does not exist/,
    ],
    ['the propagation of a service’s tags', { propagateTags: 'SERVICE' }, 'InvalidParameterException', /propagateTags/],
    ['ECS Exec without a task role', { enableExecuteCommand: true }, 'InvalidParameterException', /taskRoleArn/],
    ['a client token with a space', { clientToken: 'a b' }, 'InvalidParameterException', /clientToken/],
    [
      'a client token of more than 64 characters',
      { clientToken: 'x'.repeat(65) },
      'InvalidParameterException',
      /clientToken/,
    ],
    [
      'ephemeral storage of 20 GiB',
      { overrides: { ephemeralStorage: { sizeInGiB: 20 } } },
      'InvalidParameterException',
      /21 to 200/,
    ],
    [
      'a container with more memory than its task',
      { overrides: { containerOverrides: [{ name: 'main', memory: 1024 }] } },
      'InvalidParameterException',
      /memory/,
    ],
    [
      'managed instances as a launch type',
      { launchType: 'MANAGED_INSTANCES' },
      'InvalidParameterException',
      /strategy/,
    ],
    ['no tasks', { count: 0 }, 'InvalidParameterException', /count/],
    ['a tag key twice', { tags: [{ key: 'a' }, { key: 'a' }] }, 'InvalidParameterException', /Duplicate tag keys/],
    [
      'a tag value of 257 characters',
      { tags: [{ key: 'a', value: 'x'.repeat(257) }] },
      'InvalidParameterException',
      /256/,
    ],
  ];
  for (const [what, given, name, message] of cases) {
    it(`refuses ${what}`, async () => {
      const definition = await register(local.client, [shell('exit 0')]);
      await expect(run(local.client, definition, given)).rejects.toMatchObject({
        name,
        message: expect.stringMatching(message),
      });
    });
  }

  it('falls back to EC2 when neither launch type nor strategy is given and the cluster has no default', async () => {
    const definition = await register(local.client, [shell('exit 0')]);
    await expect(run(local.client, definition, { launchType: undefined })).rejects.toThrow(
      'Task definition does not support launch_type EC2.',
    );
  });

  it('takes the default strategy of the cluster, base first, then by weight', async () => {
    await local.client.send(
      new PutClusterCapacityProvidersCommand({
        cluster: 'default',
        capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
        defaultCapacityProviderStrategy: [
          { capacityProvider: 'FARGATE', base: 1, weight: 1 },
          { capacityProvider: 'FARGATE_SPOT', weight: 3 },
        ],
      }),
    );
    const taskDefinition = await register(local.client, [shell('sleep 60')]);
    const { tasks = [] } = await local.client.send(
      new RunTaskCommand({ ...ON_FARGATE, launchType: undefined, taskDefinition, count: 9 }),
    );
    const names = tasks.map(({ capacityProviderName }) => capacityProviderName);
    expect(names[0]).toBe('FARGATE');
    expect(names.filter((name) => name === 'FARGATE_SPOT')).toHaveLength(6);
  });

  it('has no room for EC2 tasks when there are no container instances', async () => {
    await local.stop();
    local = await startEcs({ settings: { containerInstances: false } });
    const definition = await register(local.client, [shell('exit 0', { memory: 64 })], {
      requiresCompatibilities: ['EC2'],
      networkMode: 'bridge',
    });
    const onEc2 = { launchType: 'EC2', networkConfiguration: undefined } as const;
    await expect(run(local.client, definition, onEc2)).rejects.toThrow(
      'No Container Instances were found in your cluster.',
    );
  });
});

describe('RegisterTaskDefinition', () => {
  const refuses = async (containerDefinitions: ContainerDefinition[], message: RegExp) => {
    await expect(
      local.client.send(new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions })),
    ).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringMatching(message),
    });
  };
  const container = (name: string, more: Partial<ContainerDefinition> = {}) => ({
    name,
    image: 'x',
    memory: 64,
    ...more,
  });

  it('refuses dependencies that can never be met', async () => {
    await refuses(
      [container('a', { dependsOn: [{ containerName: 'b', condition: 'START' }] })],
      /not another container/,
    );
    await refuses(
      [container('a', { dependsOn: [{ containerName: 'b', condition: 'SUCCESS' }] }), container('b')],
      /essential/,
    );
    await refuses(
      [
        container('a', { dependsOn: [{ containerName: 'b', condition: 'START' }] }),
        container('b', { dependsOn: [{ containerName: 'a', condition: 'START' }] }),
      ],
      /cycle: a -> b -> a/,
    );
  });

  it('refuses a definition of which nothing is essential', async () => {
    await refuses([container('a', { essential: false })], /essential/);
  });

  it('refuses more than ten containers, and none', async () => {
    await refuses(
      Array.from({ length: 11 }, (_, index) => container(`c${index}`)),
      /10/,
    );
    await refuses([], /empty/);
  });

  it('refuses an EC2 container without any memory', async () => {
    await refuses([{ name: 'a', image: 'x' }], /At least one of 'memory' or 'memoryReservation'/);
  });

  it('refuses a secret that has the name of a variable', async () => {
    const secrets = [{ name: 'A', valueFrom: 'arn' }];
    const containerDefinitions = [container('a', { secrets, environment: [{ name: 'A', value: '1' }] })];
    const input = { family: 'f', executionRoleArn: 'arn:role', containerDefinitions };
    await expect(local.client.send(new RegisterTaskDefinitionCommand(input))).rejects.toThrow(
      /secret name must be unique/,
    );
  });

  it('refuses awslogs without a group', async () => {
    await refuses(
      [container('a', { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-region': 'us-east-1' } } })],
      /requires options: awslogs-group/,
    );
  });

  it('refuses a member of the wrong type', async () => {
    const call = local.ecs.call({
      operation: 'RegisterTaskDefinition',
      input: { family: 'f', containerDefinitions: 'none' },
      gone: new AbortController().signal,
      endpoint: local.endpoint,
      caller: 'test',
    });
    await expect(call).rejects.toMatchObject({
      name: 'SerializationException',
      message: expect.stringMatching(/^containerDefinitions: /),
    });
  });
});

describe('other operations', () => {
  it('a cluster with tasks cannot be deleted, and one that was deleted is inactive', async () => {
    const definition = await register(local.client, [shell('sleep 60')]);
    await local.client.send(new CreateClusterCommand({ clusterName: 'busy' }));
    await run(local.client, definition, { cluster: 'busy' });
    await expect(local.client.send(new DeleteClusterCommand({ cluster: 'busy' }))).rejects.toMatchObject({
      name: 'ClusterContainsTasksException',
    });
    await local.client.send(new CreateClusterCommand({ clusterName: 'idle' }));
    await local.client.send(new DeleteClusterCommand({ cluster: 'idle' }));
    await expect(run(local.client, definition, { cluster: 'idle' })).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
    });
  });

  it('ExecuteCommand is refused in so many words', async () => {
    const { taskArn } = await run(local.client, await register(local.client, [shell('sleep 60')]));
    const call = local.client.send(new ExecuteCommandCommand({ task: taskArn, command: 'ls', interactive: true }));
    await expect(call).rejects.toMatchObject({
      name: 'UnsupportedFeatureException',
      message: expect.stringContaining('Local ECS has no ECS Exec'),
    });
  });

  it('no task outside a service can be protected', async () => {
    const { taskArn = '' } = await run(local.client, await register(local.client, [shell('sleep 60')]));
    const answer = await local.client.send(
      new GetTaskProtectionCommand({ cluster: 'default', tasks: [taskArn, 'nobody'] }),
    );
    expect(answer.failures?.map(({ reason }) => reason)).toEqual(['TASK_NOT_VALID', 'MISSING']);
  });

  it('tags go to resources that exist only', async () => {
    const tag = (resourceArn: string) =>
      local.client.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'a', value: 'b' }] }));
    await expect(tag('arn:aws:ecs:us-east-1:000000000000:task/default/none')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(tag('no arn')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('a page of more than 100 tasks cannot be asked for', async () => {
    await expect(local.client.send(new ListTasksCommand({ maxResults: 101 }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('an operation that local ECS does not have says so', async () => {
    const call = local.ecs.call({
      operation: 'CreateService',
      input: {},
      gone: new AbortController().signal,
      endpoint: local.endpoint,
      caller: 'test',
    });
    await expect(call).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('CreateService'),
    });
  });
});
