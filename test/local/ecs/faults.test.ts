import {
  DescribeTasksCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reaches, register, run, runToEnd, shell } from './run-a-task.ts';
import { ON_FARGATE, type StartedEcs, startEcs } from './start-ecs.ts';

describe('what can be made to go wrong in ECS', () => {
  let local: StartedEcs;

  beforeEach(async () => {
    local = await startEcs({ settings: { maxVcpus: 1 } });
  });

  afterEach(() => local.stop());

  const send = (taskDefinition: string, count = 1) =>
    local.client.send(new RunTaskCommand({ ...ON_FARGATE, taskDefinition, count, startedBy: 'fault/1' }));

  it('capacity can be lacking, for the nth task on', async () => {
    const definition = await register(local.client, [shell('exit 0')]);
    local.ecs.faults.capacityFailure({ nth: 2, times: 2, reason: 'RESOURCE:ENI' });
    const answer = await send(definition, 4);
    expect(answer.tasks).toHaveLength(2);
    expect(answer.failures).toEqual([{ reason: 'RESOURCE:ENI' }, { reason: 'RESOURCE:ENI' }]);
  });

  it('a task can start although a failure is answered', async () => {
    const definition = await register(local.client, [shell('sleep 60')]);
    local.ecs.faults.capacityFailure({ startTaskAnyway: true });
    const answer = await send(definition);
    expect(answer.tasks).toEqual([]);
    expect(answer.failures).toEqual([{ reason: expect.stringMatching(/^Capacity is unavailable at this time/) }]);
    expect((await local.client.send(new ListTasksCommand({ startedBy: 'fault/1' }))).taskArns).toHaveLength(1);
  });

  it('the quota of vCPUs can be used up', async () => {
    const definition = await register(local.client, [shell('sleep 60')], { cpu: '512', memory: '1024' });
    const answer = await send(definition, 3);
    expect(answer.tasks).toHaveLength(2);
    expect(answer.failures).toEqual([{ reason: expect.stringContaining('limit on the number of vCPUs') }]);
  });

  it('a fault can be taken back, and all of them', async () => {
    const definition = await register(local.client, [shell('exit 0')]);
    const takeBack = local.ecs.faults.capacityFailure();
    takeBack();
    local.ecs.faults.capacityFailure({ times: 100 });
    local.ecs.faults.clear();
    expect((await send(definition)).failures).toEqual([]);
  });

  it('a fault can be meant for one family only', async () => {
    local.ecs.faults.startFailure({ family: 'other' });
    expect((await runToEnd(local.client, [shell('exit 0')])).stopCode).toBe('EssentialContainerExited');
  });

  it('a task can fail to start, with or without its containers told', async () => {
    local.ecs.faults.startFailure({ containers: 'empty', stoppedReason: 'EMPTY CAPACITY PROVIDER' });
    local.ecs.faults.startFailure({ nth: 2 });
    const empty = await runToEnd(local.client, [shell('exit 0')]);
    const bare = await runToEnd(local.client, [shell('exit 0')]);
    expect(empty).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'EMPTY CAPACITY PROVIDER',
      containers: [],
    });
    expect(bare).toMatchObject({
      stopCode: 'TaskFailedToStart',
      containers: [{ name: 'main', lastStatus: 'STOPPED' }],
    });
    expect(bare.containers?.[0]?.exitCode).toBeUndefined();
    expect(bare.startedAt).toBeUndefined();
  });

  it('Spot can take a task back', async () => {
    const task = await run(local.client, await register(local.client, [shell('sleep 60')]));
    await reaches(local.client, task, 'RUNNING');
    local.ecs.faults.spotInterruption(task.taskArn ?? '');
    const stopped = await reaches(local.client, task, 'STOPPED');
    expect(stopped).toMatchObject({ stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' });
    expect(stopped.containers?.[0]?.exitCode).toBe(143);
  });

  it('ECS can stop a task for a reason of its own', async () => {
    const task = await run(local.client, await register(local.client, [shell('sleep 60')]));
    await reaches(local.client, task, 'RUNNING');
    local.ecs.faults.stopTask(
      task.taskArn ?? '',
      'TerminationNotice',
      'ECS is performing maintenance on the underlying infrastructure hosting the task',
    );
    expect(await reaches(local.client, task, 'STOPPED')).toMatchObject({ stopCode: 'TerminationNotice' });
  });

  it('a container can run out of memory', async () => {
    const task = await run(local.client, await register(local.client, [shell('sleep 60')]));
    await reaches(local.client, task, 'RUNNING');
    local.ecs.faults.outOfMemory(task.taskArn ?? '');
    const stopped = await reaches(local.client, task, 'STOPPED');
    expect(stopped).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
    });
    expect(stopped.containers?.[0]).toMatchObject({
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    });
  });

  it('another exit code, or none, can be told', async () => {
    local.ecs.faults.exitCode({ exitCode: 9, container: 'main' });
    local.ecs.faults.exitCode({ exitCode: undefined, nth: 2 });
    expect((await runToEnd(local.client, [shell('exit 0')])).containers?.[0]?.exitCode).toBe(9);
    expect((await runToEnd(local.client, [shell('exit 0')])).containers?.[0]?.exitCode).toBeUndefined();
  });

  it('a task can get a container that its definition does not have', async () => {
    local.ecs.faults.injectContainer();
    const task = await runToEnd(local.client, [shell('exit 0')]);
    expect(task.containers?.map(({ name, image }) => [name, image])).toEqual([
      ['main', 'alpine'],
      ['aws-guardduty-agent-a1b2c3d', undefined],
    ]);
    expect(task.overrides?.containerOverrides).toContainEqual({ name: 'aws-guardduty-agent-a1b2c3d' });
  });

  it('a task can be forgotten while it runs', async () => {
    const { taskArn = '' } = await run(local.client, await register(local.client, [shell('sleep 60')]));
    local.ecs.faults.forget(taskArn);
    const answer = await local.client.send(new DescribeTasksCommand({ tasks: [taskArn] }));
    expect(answer.failures).toEqual([{ arn: taskArn, reason: 'MISSING' }]);
  });

  it('registrations of one family at the same time are refused but for one', async () => {
    await local.stop();
    local = await startEcs({ settings: { delays: { registeringMs: 50 } } });
    const register = (family: string) =>
      local.client.send(
        new RegisterTaskDefinitionCommand({ family, containerDefinitions: [{ name: 'a', image: 'x', memory: 64 }] }),
      );
    const answers = await Promise.allSettled([register('same'), register('same'), register('other')]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        name: 'ClientException',
        message: 'Too many concurrent attempts to create a new revision of the specified family.',
      },
    });
  });

  it('the transport’s faults meet ECS too: a launch whose answer is lost has happened', async () => {
    const definition = await register(local.client, [shell('sleep 60')]);
    local.faults.add({ operation: 'ecs.RunTask', nth: 1, fault: { kind: 'lose-response' } });
    const request = { clientToken: 'lost' };
    await expect(run(local.client, definition, request)).rejects.toThrow();
    const again = await run(local.client, definition, request);
    expect((await local.client.send(new ListTasksCommand({ family: 'sample' }))).taskArns).toEqual([again.taskArn]);
  });
});

describe('the rates of the API', () => {
  it('are those of AWS when they are asked for: 20 registrations, then Rate exceeded', async () => {
    const local = await startEcs({ settings: { buckets: 'aws' } });
    const register = () =>
      local.ecs.call({
        operation: 'RegisterTaskDefinition',
        input: { family: 'x', containerDefinitions: [{ name: 'a', image: 'x', memory: 64 }] },
        gone: new AbortController().signal,
        endpoint: local.endpoint,
        caller: 'test',
      });
    for (let call = 0; call < 20; call += 1) await register();
    await expect(register()).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      status: 400,
    });
    await local.stop();
  });

  it('can be one’s own: a bucket that is named throttles, the others do not', async () => {
    const local = await startEcs({ settings: { buckets: { 'fargate-launch': { burst: 2, refillPerSecond: 0 } } } });
    const definition = await register(local.client, [shell('exit 0')]);
    const launch = (count: number) =>
      local.client.send(new RunTaskCommand({ ...ON_FARGATE, taskDefinition: definition, count }));
    expect((await launch(2)).tasks).toHaveLength(2);
    await expect(launch(1)).rejects.toMatchObject({ name: 'ThrottlingException' });
    await local.stop();
  });
});
