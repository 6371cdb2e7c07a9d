import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import { describe, expect } from 'vitest';
import { type Case, type EcsFixture, refused } from './ecs-fixture.ts';

/** RegisterTaskDefinition and what follows from it. */
export function definitionCases(ecs: EcsFixture, test: Case): void {
  describe('task definitions', () => {
    test('every registration makes the next revision, equal content or not', async () => {
      const first = await ecs.register();
      const second = await ecs.register({ family: first.family });
      expect([first.revision, second.revision]).toEqual([1, 2]);
      expect(second.arn).toMatch(/^arn:aws:ecs:us-east-1:\d{12}:task-definition\/contract-\d+:2$/);
    });

    test('a definition comes back with what ECS fills in', async () => {
      const { containerDefinitions: [container] = [], ...rest } = await ecs.register({
        containerDefinitions: [{ name: 'main', image: 'alpine', memory: 128, portMappings: [{ containerPort: 80 }] }],
      });
      expect(rest).toMatchObject({ status: 'ACTIVE', networkMode: 'awsvpc', volumes: [], placementConstraints: [] });
      expect(rest.compatibilities).toEqual(expect.arrayContaining(['EC2', 'FARGATE']));
      expect(container).toMatchObject({ essential: true, cpu: 0, environment: [], mountPoints: [], volumesFrom: [] });
      expect(container?.portMappings).toEqual([{ containerPort: 80, hostPort: 80, protocol: 'tcp' }]);
    });

    test('lists that a container definition leaves out come back empty', async () => {
      const { containerDefinitions: [container] = [] } = await ecs.register();
      expect(container).toMatchObject({ portMappings: [], systemControls: [] });
    });

    test('sizes with units come back as units and MiB', async () => {
      expect(await ecs.register({ cpu: '1 vCPU', memory: '2 GB' })).toMatchObject({ cpu: '1024', memory: '2048' });
    });

    test('tags are told only when they are asked for', async () => {
      const { arn } = await ecs.register({ tags: [{ key: 'team', value: 'data' }] });
      const without = await ecs.client.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
      const withTags = await ecs.client.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] }),
      );
      expect(without.tags ?? []).toEqual([]);
      expect(withTags.tags).toEqual([{ key: 'team', value: 'data' }]);
    });

    test('a bare family means its latest ACTIVE revision', async () => {
      const first = await ecs.register();
      const second = await ecs.register({ family: first.family });
      await ecs.client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: second.arn }));
      const { taskDefinition } = await ecs.client.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: first.family }),
      );
      expect(taskDefinition?.revision).toBe(1);
    });

    test('a deregistered definition is INACTIVE, still told, and runs no more', async () => {
      const { arn } = await ecs.register();
      await ecs.client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
      const { taskDefinition } = await ecs.client.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
      expect(taskDefinition?.status).toBe('INACTIVE');
      await expect(ecs.run(arn)).rejects.toEqual(refused('ClientException', 'TaskDefinition is inactive'));
    });

    test('a definition that is not there cannot be described', async () => {
      await expect(ecs.client.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'nobody:7' }))).rejects.toEqual(
        refused('ClientException', 'Unable to describe task definition.'),
      );
    });

    test('definitions are listed by family, and families by prefix', async () => {
      const { arn, family } = await ecs.register();
      const { taskDefinitionArns } = await ecs.client.send(new ListTaskDefinitionsCommand({ familyPrefix: family }));
      const { families } = await ecs.client.send(new ListTaskDefinitionFamiliesCommand({ familyPrefix: family }));
      expect(taskDefinitionArns).toEqual([arn]);
      expect(families).toContain(family);
    });

    test('only INACTIVE definitions can be deleted', async () => {
      const { arn } = await ecs.register();
      const active = await ecs.client.send(new DeleteTaskDefinitionsCommand({ taskDefinitions: [arn] }));
      await ecs.client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
      const inactive = await ecs.client.send(new DeleteTaskDefinitionsCommand({ taskDefinitions: [arn] }));
      expect(active.failures).toEqual([expect.objectContaining({ arn })]);
      expect(inactive.taskDefinitions).toEqual([expect.objectContaining({ status: 'DELETE_IN_PROGRESS' })]);
    });

    const refusals: readonly [string, Partial<RegisterTaskDefinitionCommandInput>, string | RegExp][] = [
      [
        'a memory that Fargate does not offer with the cpu',
        { cpu: '256', memory: '4096' },
        'No Fargate configuration exists for given values',
      ],
      ['a cpu that Fargate does not offer', { cpu: '300' }, 'No Fargate configuration exists for given values'],
      ['a cpu that is no size at all', { cpu: 'lots' }, "Invalid 'cpu' setting for task"],
      ['Fargate without a size', { cpu: undefined, memory: undefined }, /cpu.*task level/],
      ['Fargate without awsvpc', { networkMode: 'bridge' }, /Fargate only supports network mode/],
      ['a family with a dot', { family: 'no.dots' }, /Family/],
      [
        'two containers of one name',
        {
          containerDefinitions: [
            { name: 'a', image: 'x', memory: 128 },
            { name: 'a', image: 'y', memory: 128 },
          ],
        },
        /unique/,
      ],
      [
        'a container without an image',
        { containerDefinitions: [{ name: 'a', memory: 128 }] },
        'Container.image should not be null or empty.',
      ],
      [
        'awslogs on Fargate without an execution role',
        {
          containerDefinitions: [
            {
              name: 'a',
              image: 'x',
              memory: 128,
              logConfiguration: {
                logDriver: 'awslogs',
                options: { 'awslogs-group': 'g', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'p' },
              },
            },
          ],
        },
        'execution role ARN to support log driver awslogs',
      ],
      [
        'an ECR image on Fargate without an execution role',
        {
          containerDefinitions: [{ name: 'a', memory: 128, image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/x:1' }],
        },
        'execution role ARN to support ECR images',
      ],
      [
        'secrets without an execution role',
        {
          containerDefinitions: [
            {
              name: 'a',
              image: 'x',
              memory: 128,
              secrets: [{ name: 'S', valueFrom: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:s-AbCdEf' }],
            },
          ],
        },
        "you must also specify a value for 'executionRoleArn'",
      ],
      [
        'a privileged container on Fargate',
        { containerDefinitions: [{ name: 'a', image: 'x', memory: 128, privileged: true }] },
        'privileged',
      ],
      [
        'more than 64 KiB',
        { containerDefinitions: [{ name: 'a', image: 'x', memory: 128, command: ['x'.repeat(65_536)] }] },
        "Max allowed length is '65536' bytes.",
      ],
    ];
    for (const [what, given, message] of refusals) {
      test(`refuses ${what}`, async () => {
        await expect(ecs.register(given)).rejects.toEqual(refused('ClientException', message));
      });
    }
  });
}
