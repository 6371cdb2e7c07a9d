import { DescribeTasksCommand, ListTasksCommand, RunTaskCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MovedClock } from './moved-clock.ts';
import { reaches, register, run, shell } from './run-a-task.ts';
import { ON_FARGATE, type StartedEcs, startEcs } from './start-ecs.ts';

describe('what is told of tasks', () => {
  let local: StartedEcs;
  let clock: MovedClock;

  beforeEach(async () => {
    clock = new MovedClock();
    local = await startEcs({ clock, settings: { missingWindowMs: 60_000 } });
  });

  afterEach(() => local.stop());

  const describeOne = (task = '') => local.client.send(new DescribeTasksCommand({ tasks: [task] }));
  const list = async (desiredStatus: 'RUNNING' | 'STOPPED') =>
    (await local.client.send(new ListTasksCommand({ desiredStatus }))).taskArns;

  it('a task is MISSING for a while after RunTask, when a window is set', async () => {
    const { taskArn } = await run(local.client, await register(local.client, [shell('sleep 60')]));
    expect(await describeOne(taskArn)).toMatchObject({ tasks: [], failures: [{ arn: taskArn, reason: 'MISSING' }] });
    expect(await list('RUNNING')).toEqual([]);
    clock.move(60_000);
    expect(await describeOne(taskArn)).toMatchObject({ tasks: [{ taskArn }], failures: [] });
    expect(await list('RUNNING')).toEqual([taskArn]);
  });

  it('a stopped task is forgotten after an hour', async () => {
    const task = await run(local.client, await register(local.client, [shell('exit 0')]));
    clock.move(60_000);
    await reaches(local.client, task, 'STOPPED');
    clock.move(3_500_000);
    expect((await describeOne(task.taskArn)).tasks).toHaveLength(1);
    expect(await list('STOPPED')).toEqual([task.taskArn]);
    clock.move(200_000);
    expect((await describeOne(task.taskArn)).failures).toEqual([{ arn: task.taskArn, reason: 'MISSING' }]);
    expect(await list('STOPPED')).toEqual([]);
    await expect(local.client.send(new StopTaskCommand({ task: task.taskArn }))).rejects.toThrow(
      'The referenced task was not found.',
    );
  });

  it('a task can be named by its id, and a batch tells what it has and what it lacks', async () => {
    const { taskArn = '' } = await run(local.client, await register(local.client, [shell('sleep 60')]));
    clock.move(60_000);
    const id = taskArn.split('/').at(-1) ?? '';
    const answer = await local.client.send(new DescribeTasksCommand({ tasks: [id, 'f'.repeat(32)] }));
    expect(answer.tasks?.map((task) => task.taskArn)).toEqual([taskArn]);
    expect(answer.failures).toEqual([
      { arn: `arn:aws:ecs:us-east-1:000000000000:task/default/${'f'.repeat(32)}`, reason: 'MISSING' },
    ]);
  });

  it('at most 100 tasks are described at once, and at least one', async () => {
    const tooMany = Array.from({ length: 101 }, (_, index) => String(index).padStart(32, '0'));
    await expect(local.client.send(new DescribeTasksCommand({ tasks: tooMany }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(local.client.send(new DescribeTasksCommand({ tasks: [] }))).rejects.toThrow('Tasks cannot be empty.');
  });

  it('a stopped task can be stopped again, and stays as it is', async () => {
    const task = await run(local.client, await register(local.client, [shell('exit 0')]));
    clock.move(60_000);
    const before = await reaches(local.client, task, 'STOPPED');
    await local.client.send(new StopTaskCommand({ task: task.taskArn, reason: 'too late' }));
    expect((await describeOne(task.taskArn)).tasks).toEqual([before]);
  });

  it('a task that is stopped before it runs has no exit code', async () => {
    await local.stop();
    local = await startEcs({ settings: { delays: { provisioningMs: 60_000 } } });
    const task = await run(local.client, await register(local.client, [shell('exit 0')]));
    await local.client.send(new StopTaskCommand({ task: task.taskArn, reason: 'changed my mind' }));
    const stopped = await reaches(local.client, task, 'STOPPED');
    expect(stopped).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'changed my mind' });
    expect(stopped.startedAt).toBeUndefined();
    expect(stopped.containers?.[0]?.exitCode).toBeUndefined();
  });

  it('tags come from the definition when they are propagated, and the call’s own win', async () => {
    const definition = await register(local.client, [shell('sleep 60')], {
      tags: [
        { key: 'a', value: 'definition' },
        { key: 'b', value: 'definition' },
      ],
    });
    const { tasks: [task] = [] } = await local.client.send(
      new RunTaskCommand({
        ...ON_FARGATE,
        taskDefinition: definition,
        propagateTags: 'TASK_DEFINITION',
        enableECSManagedTags: true,
        tags: [{ key: 'b', value: 'call' }],
      }),
    );
    expect(task?.tags).toEqual([
      { key: 'a', value: 'definition' },
      { key: 'b', value: 'call' },
      { key: 'aws:ecs:clusterName', value: 'default' },
    ]);
  });
});
