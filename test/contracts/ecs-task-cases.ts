import {
  DescribeTasksCommand,
  ListTagsForResourceCommand,
  ListTasksCommand,
  type ListTasksCommandInput,
  RunTaskCommand,
  StopTaskCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect } from 'vitest';
import { type Case, type EcsFixture, refused, shellOf } from './ecs-fixture.ts';

/** A task from RunTask to STOPPED, and finding it. */
export function taskCases(ecs: EcsFixture, test: Case): void {
  describe('running a task', () => {
    test('a task begins in PROVISIONING with a 32 digit id, and is wanted RUNNING', async () => {
      const task = await ecs.run((await ecs.register(shellOf('exit 0'))).arn);
      expect(task.arn).toMatch(/:task\/default\/[0-9a-f]{32}$/);
      expect(task).toMatchObject({ lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING', launchType: 'FARGATE' });
      expect(task.attachments).toEqual([expect.objectContaining({ type: 'ElasticNetworkInterface' })]);
    });

    test('the exit code of the container is told when the task has stopped', async () => {
      const task = await ecs.stopped((await ecs.run((await ecs.register(shellOf('exit 3'))).arn)).arn);
      expect(task).toMatchObject({
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        desiredStatus: 'STOPPED',
      });
      expect(task.containers).toEqual([expect.objectContaining({ name: 'main', lastStatus: 'STOPPED', exitCode: 3 })]);
    });

    test('times are told in the order of a task’s life', async () => {
      const task = await ecs.stopped((await ecs.run((await ecs.register(shellOf('exit 0'))).arn)).arn);
      const times = [
        task.createdAt,
        task.connectivityAt,
        task.pullStartedAt,
        task.pullStoppedAt,
        task.startedAt,
        task.stoppingAt,
        task.executionStoppedAt,
        task.stoppedAt,
      ].map((time) => time?.getTime() ?? Number.NaN);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times).not.toContain(Number.NaN);
      expect(task.version).toBeGreaterThan(4);
    });

    test('overrides of command and environment reach the container', async () => {
      const { arn } = await ecs.register(shellOf('exit 1'));
      const containerOverrides = [
        { name: 'main', command: ['/bin/sh', '-c', 'exit $CODE'], environment: [{ name: 'CODE', value: '42' }] },
      ];
      const task = await ecs.stopped((await ecs.run(arn, { overrides: { containerOverrides } })).arn);
      expect(task.containers?.[0]?.exitCode).toBe(42);
      expect(task.overrides?.containerOverrides).toEqual([expect.objectContaining(containerOverrides[0] ?? {})]);
    });

    test('StopTask ends a running task with its reason, and deletes its tags', async () => {
      const { arn } = await ecs.run((await ecs.register()).arn, { tags: [{ key: 'run', value: '1' }] });
      expect((await ecs.describeOne(arn, ['TAGS']))?.tags).toEqual([{ key: 'run', value: '1' }]);
      await ecs.client.send(new StopTaskCommand({ task: arn, reason: 'no longer wanted' }));
      expect(await ecs.stopped(arn)).toMatchObject({
        stopCode: 'UserInitiated',
        stoppedReason: 'no longer wanted',
        desiredStatus: 'STOPPED',
      });
      expect((await ecs.describeOne(arn, ['TAGS']))?.tags ?? []).toEqual([]);
    });

    test('StopTask of a task that is not there is an InvalidParameterException', async () => {
      await expect(ecs.client.send(new StopTaskCommand({ task: '0'.repeat(32) }))).rejects.toEqual(
        refused('InvalidParameterException', 'The referenced task was not found.'),
      );
    });

    test('the end of an essential container stops the others', async () => {
      const { arn } = await ecs.register({
        containerDefinitions: [
          { name: 'main', image: 'alpine', memory: 128, command: ['/bin/sh', '-c', 'exit 0'] },
          {
            name: 'sidecar',
            image: 'alpine',
            memory: 128,
            essential: false,
            command: ['/bin/sh', '-c', 'sleep 60'],
            stopTimeout: 2,
          },
        ],
      });
      const { containers } = await ecs.stopped((await ecs.run(arn)).arn);
      expect(containers?.map(({ name, exitCode }) => [name, exitCode])).toEqual([
        ['main', 0],
        ['sidecar', 143],
      ]);
    });

    test('a task that nobody knows is a MISSING failure', async () => {
      const { tasks, failures } = await ecs.client.send(new DescribeTasksCommand({ tasks: ['0'.repeat(32)] }));
      expect(tasks).toEqual([]);
      expect(failures).toEqual([expect.objectContaining({ reason: 'MISSING' })]);
    });

    test('tags of a task are told only when they are asked for, and can be changed', async () => {
      const { arn } = await ecs.run((await ecs.register()).arn, { tags: [{ key: 'a', value: '1' }] });
      await ecs.client.send(new TagResourceCommand({ resourceArn: arn, tags: [{ key: 'b', value: '2' }] }));
      await ecs.client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['a'] }));
      const { tags } = await ecs.client.send(new ListTagsForResourceCommand({ resourceArn: arn }));
      expect(tags).toEqual([{ key: 'b', value: '2' }]);
      expect((await ecs.describeOne(arn))?.tags ?? []).toEqual([]);
      await ecs.client.send(new StopTaskCommand({ task: arn }));
    });
  });

  describe('ListTasks', () => {
    const list = async (input: ListTasksCommandInput) => (await ecs.client.send(new ListTasksCommand(input))).taskArns;

    test('finds tasks by startedBy, and stopped ones only when they are asked for', async () => {
      const { arn: definitionArn } = await ecs.register();
      const { arn } = await ecs.run(definitionArn, { startedBy: 'slipway/list/1' });
      expect(await list({ startedBy: 'slipway/list/1' })).toEqual([arn]);
      await ecs.client.send(new StopTaskCommand({ task: arn }));
      expect(await list({ startedBy: 'slipway/list/1' })).toEqual([]);
      expect(await list({ startedBy: 'slipway/list/1', desiredStatus: 'STOPPED' })).toEqual([arn]);
    });

    test('finds tasks by family', async () => {
      const { arn: definitionArn, family } = await ecs.register();
      const { arn } = await ecs.run(definitionArn);
      expect(await list({ family })).toEqual([arn]);
      await ecs.client.send(new StopTaskCommand({ task: arn }));
      expect(await list({ family, desiredStatus: 'STOPPED' })).toEqual([arn]);
    });

    test('tells as many as are asked for, and where to go on', async () => {
      const { arn: definitionArn, family } = await ecs.register(shellOf('sleep 30'));
      const { tasks = [] } = await ecs.client.send(new RunTaskCommand(ecs.runRequest(definitionArn, { count: 3 })));
      const first = await ecs.client.send(new ListTasksCommand({ family, maxResults: 2 }));
      const second = await ecs.client.send(new ListTasksCommand({ family, maxResults: 2, nextToken: first.nextToken }));
      expect(first.taskArns).toHaveLength(2);
      expect(second.nextToken).toBeUndefined();
      expect([...(first.taskArns ?? []), ...(second.taskArns ?? [])]).toEqual(tasks.map(({ taskArn }) => taskArn));
      await Promise.all(tasks.map(({ taskArn }) => ecs.client.send(new StopTaskCommand({ task: taskArn ?? '' }))));
    });

    test('refuses startedBy together with a family', async () => {
      await expect(list({ startedBy: 'a', family: 'b' })).rejects.toEqual(
        refused('InvalidParameterException', /startedBy/),
      );
    });
  });
}
