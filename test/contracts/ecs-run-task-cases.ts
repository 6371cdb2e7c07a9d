import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClustersCommand,
  ListClustersCommand,
  PutClusterCapacityProvidersCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect } from 'vitest';
import { type Case, type EcsFixture, refused, shellOf } from './ecs-fixture.ts';

/** Where a task may run, how often, and what RunTask refuses. */
export function runTaskCases(ecs: EcsFixture, test: Case): void {
  describe('clusters', () => {
    test('a cluster lives from CreateCluster to DeleteCluster', async () => {
      await ecs.client.send(new CreateClusterCommand({ clusterName: 'short-lived' }));
      const { clusterArns } = await ecs.client.send(new ListClustersCommand({}));
      expect(clusterArns).toContainEqual(expect.stringMatching(/:cluster\/short-lived$/));
      await ecs.client.send(new DeleteClusterCommand({ cluster: 'short-lived' }));
      const { clusters: [gone] = [] } = await ecs.client.send(
        new DescribeClustersCommand({ clusters: ['short-lived'] }),
      );
      expect(gone?.status).toBe('INACTIVE');
    });

    test('a cluster that does not exist is MISSING when described and not found by others', async () => {
      const { failures } = await ecs.client.send(new DescribeClustersCommand({ clusters: ['nowhere'] }));
      expect(failures).toEqual([expect.objectContaining({ reason: 'MISSING' })]);
      const { arn } = await ecs.register();
      await expect(ecs.run(arn, { cluster: 'nowhere' })).rejects.toEqual(refused('ClusterNotFoundException', /./));
    });

    test('a capacity provider must be associated with the cluster before a task can use it', async () => {
      const { arn } = await ecs.register();
      await ecs.client.send(new CreateClusterCommand({ clusterName: 'with-spot' }));
      const onSpot = {
        cluster: 'with-spot',
        launchType: undefined,
        capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      };
      await expect(ecs.run(arn, onSpot)).rejects.toEqual(refused('InvalidParameterException', /FARGATE_SPOT/));
      await ecs.client.send(
        new PutClusterCapacityProvidersCommand({
          cluster: 'with-spot',
          capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
          defaultCapacityProviderStrategy: [],
        }),
      );
      const task = await ecs.run(arn, onSpot);
      expect(task.capacityProviderName).toBe('FARGATE_SPOT');
      await ecs.client.send(new StopTaskCommand({ cluster: 'with-spot', task: task.arn }));
    });
  });

  describe('the client token', () => {
    test('the same request with the same token starts nothing more', async () => {
      const { arn } = await ecs.register();
      const first = await ecs.run(arn, { clientToken: 'again' });
      const second = await ecs.run(arn, { clientToken: 'again' });
      expect(second.arn).toBe(first.arn);
      await ecs.client.send(new StopTaskCommand({ task: first.arn }));
    });

    test('another request with the same token is a conflict that names the tasks', async () => {
      const { arn } = await ecs.register();
      const first = await ecs.run(arn, { clientToken: 'conflict' });
      await expect(ecs.run(arn, { clientToken: 'conflict', startedBy: 'another' })).rejects.toMatchObject({
        name: 'ConflictException',
        resourceIds: [first.arn],
      });
      await ecs.client.send(new StopTaskCommand({ task: first.arn }));
    });

    test('a token counts within its cluster only', async () => {
      const { arn } = await ecs.register(shellOf('exit 0'));
      await ecs.client.send(new CreateClusterCommand({ clusterName: 'elsewhere' }));
      const here = await ecs.run(arn, { clientToken: 'both' });
      const there = await ecs.run(arn, { clientToken: 'both', cluster: 'elsewhere' });
      expect(there.arn).toMatch(/:task\/elsewhere\//);
      expect(there.arn).not.toBe(here.arn);
    });
  });

  describe('what RunTask refuses', () => {
    const refusals: readonly [string, Partial<RunTaskCommandInput>, string | RegExp][] = [
      ['more than 10 tasks at once', { count: 11 }, /10/],
      ['a startedBy of more than 128 characters', { startedBy: 'x'.repeat(129) }, /128/],
      [
        'a startedBy with other characters than letters, digits, hyphens, slashes and underscores',
        { startedBy: 'a:b' },
        /startedBy/,
      ],
      [
        'overrides of more than 8192 characters',
        {
          overrides: {
            containerOverrides: [{ name: 'main', environment: [{ name: 'BIG', value: 'x'.repeat(8192) }] }],
          },
        },
        'Container Overrides length must be at most 8192',
      ],
      [
        'an override for a container that the definition lacks',
        { overrides: { containerOverrides: [{ name: 'nobody' }] } },
        'Override for container named nobody is not a container in the TaskDefinition.',
      ],
      [
        'a launch type together with a strategy',
        { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
        'Specifying both a launch type and capacity provider strategy is not supported',
      ],
      [
        'awsvpc without a network configuration',
        { networkConfiguration: undefined },
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      ],
      [
        'more than 50 tags',
        { tags: Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, value: '' })) },
        /50/,
      ],
      ['a tag that begins with aws:', { tags: [{ key: 'aws:mine', value: '1' }] }, /aws:/],
      ['a Fargate definition on EC2', { launchType: 'EC2' }, 'Task definition does not support launch_type EC2.'],
      [
        'a size override that Fargate does not offer',
        { overrides: { cpu: '256', memory: '8192' } },
        'No Fargate configuration exists for given values',
      ],
    ];
    for (const [what, given, message] of refusals) {
      test(`refuses ${what}`, async () => {
        const { arn } = await ecs.register();
        await expect(ecs.run(arn, given)).rejects.toEqual(refused('InvalidParameterException', message));
      });
    }

    test('takes overrides of exactly 8192 characters', async () => {
      const { arn } = await ecs.register(shellOf('exit 0'));
      const overridesOf = (value: string) => ({
        containerOverrides: [{ name: 'main', environment: [{ name: 'BIG', value }] }],
      });
      const room = 8192 - JSON.stringify(overridesOf('')).length;
      expect((await ecs.run(arn, { overrides: overridesOf('x'.repeat(room)) })).arn).toMatch(/:task\//);
    });

    test('a definition that is not there cannot be run', async () => {
      await expect(ecs.run('nobody:1')).rejects.toEqual(refused('ClientException', 'TaskDefinition not found.'));
    });
  });
}
