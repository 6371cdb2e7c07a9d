import {
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MovedClock } from './moved-clock.ts';
import { reaches, register, run, shell } from './run-a-task.ts';
import { ON_FARGATE, type StartedEcs, startEcs } from './start-ecs.ts';

const HOUR_MS = 3_600_000;

describe('a client token', () => {
  let local: StartedEcs;
  let clock: MovedClock;

  beforeEach(async () => {
    clock = new MovedClock();
    local = await startEcs({ clock });
  });

  afterEach(() => local.stop());

  const send = (taskDefinition: string, more: Partial<RunTaskCommandInput> = {}) =>
    local.client.send(new RunTaskCommand({ ...ON_FARGATE, taskDefinition, clientToken: 'token', ...more }));

  it('brings back a running task in full', async () => {
    const definition = await register(local.client, [shell('sleep 60')]);
    const task = await run(local.client, definition, { clientToken: 'token', startedBy: 'me' });
    await reaches(local.client, task, 'RUNNING');
    const { tasks } = await send(definition, { startedBy: 'me' });
    expect(tasks).toEqual([expect.objectContaining({ taskArn: task.taskArn, lastStatus: 'RUNNING', startedBy: 'me' })]);
  });

  it('brings back a stopped task with its ARN and states only', async () => {
    const definition = await register(local.client, [shell('exit 0')]);
    const task = await run(local.client, definition, { clientToken: 'token' });
    await reaches(local.client, task, 'STOPPED');
    const { tasks } = await send(definition);
    expect(tasks).toEqual([{ taskArn: task.taskArn, lastStatus: 'STOPPED', desiredStatus: 'STOPPED' }]);
  });

  it('is bound until one hour after its task has stopped', async () => {
    const definition = await register(local.client, [shell('exit 0')]);
    const task = await run(local.client, definition, { clientToken: 'token' });
    await reaches(local.client, task, 'STOPPED');
    clock.move(HOUR_MS - 60_000);
    expect((await send(definition)).tasks?.[0]?.taskArn).toBe(task.taskArn);
    clock.move(120_000);
    expect((await send(definition)).tasks?.[0]?.taskArn).not.toBe(task.taskArn);
  });

  it('is bound for 24 hours while its task runs, and no longer', async () => {
    const definition = await register(local.client, [shell('sleep 60')]);
    const task = await run(local.client, definition, { clientToken: 'token' });
    await reaches(local.client, task, 'RUNNING');
    clock.move(23 * HOUR_MS);
    expect((await send(definition)).tasks?.[0]?.taskArn).toBe(task.taskArn);
    clock.move(HOUR_MS);
    expect((await send(definition)).tasks?.[0]?.taskArn).not.toBe(task.taskArn);
  });

  it('waits for the last task of its call before the hour begins', async () => {
    const definition = await register(local.client, [shell('sleep 60', { stopTimeout: 2 })]);
    const { tasks = [] } = await send(definition, { count: 2 });
    const [first, second] = tasks;
    if (!first || !second) throw new Error('two tasks were asked for');
    await local.client.send(new StopTaskCommand({ task: first.taskArn }));
    await reaches(local.client, first, 'STOPPED');
    clock.move(2 * HOUR_MS);
    const replayed = await send(definition, { count: 2 });
    expect(replayed.tasks?.map(({ taskArn }) => taskArn)).toEqual([first.taskArn, second.taskArn]);
  });

  it('takes a bare family that has got a new revision for another request', async () => {
    await register(local.client, [shell('sleep 60')]);
    const { tasks: [task] = [] } = await send('sample');
    expect((await send('sample:1')).tasks?.[0]?.taskArn).toBe(task?.taskArn);
    await register(local.client, [shell('sleep 61')]);
    await expect(send('sample')).rejects.toMatchObject({ name: 'ConflictException', resourceIds: [task?.taskArn] });
  });

  it('does not care for the order of members or how the cluster is named', async () => {
    const definition = await register(local.client, [shell('sleep 60')]);
    const environment = [{ name: 'A', value: '1' }];
    const first = await send(definition, { overrides: { containerOverrides: [{ name: 'main', environment }] } });
    const second = await send(definition, {
      cluster: 'arn:aws:ecs:us-east-1:000000000000:cluster/default',
      overrides: { containerOverrides: [{ environment, name: 'main' }] },
    });
    expect(second.tasks?.[0]?.taskArn).toBe(first.tasks?.[0]?.taskArn);
  });

  it('is not used up by a request that is refused', async () => {
    const definition = await register(local.client, [shell('exit 0')]);
    await expect(send(definition, { startedBy: 'not:allowed' })).rejects.toThrow(/startedBy/);
    expect((await send(definition)).tasks).toHaveLength(1);
  });

  it('is used up by an answer of nothing but failures, whose number alone is told after an hour', async () => {
    const definition = await register(local.client, [shell('sleep 60')]);
    local.ecs.faults.capacityFailure();
    const partly = await send(definition, { count: 2 });
    expect([partly.tasks?.length, partly.failures?.length]).toEqual([1, 1]);
    expect((await send(definition, { count: 2 })).failures).toEqual(partly.failures);
    clock.move(2 * HOUR_MS);
    expect((await send(definition, { count: 2 })).failures).toEqual([{}]);
  });

  it('repeats the failures of a call that started nothing, for an hour', async () => {
    const definition = await register(local.client, [shell('exit 0')]);
    local.ecs.faults.capacityFailure();
    const failed = await send(definition);
    expect(await send(definition)).toMatchObject({ tasks: [], failures: failed.failures });
    clock.move(HOUR_MS);
    expect((await send(definition)).tasks).toHaveLength(1);
  });

  it('can be set to stay free when a call started nothing', async () => {
    await local.stop();
    local = await startEcs({ clock, settings: { failuresUseToken: false } });
    const definition = await register(local.client, [shell('exit 0')]);
    local.ecs.faults.capacityFailure();
    expect((await send(definition)).tasks).toEqual([]);
    expect((await send(definition)).tasks).toHaveLength(1);
  });

  it('serialises calls that arrive at once', async () => {
    const definition = await register(local.client, [shell('sleep 60')]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(definition)));
    expect(new Set(answers.map(({ tasks }) => tasks?.[0]?.taskArn)).size).toBe(1);
  });

  it('has no meaning for RegisterTaskDefinition, which makes a revision with every call', async () => {
    const definition = { family: 'same', containerDefinitions: [{ name: 'a', image: 'x', memory: 64 }] };
    const answers = [
      await local.client.send(new RegisterTaskDefinitionCommand(definition)),
      await local.client.send(new RegisterTaskDefinitionCommand(definition)),
    ];
    expect(answers.map(({ taskDefinition }) => taskDefinition?.revision)).toEqual([1, 2]);
  });
});
