import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { register, run, runToEnd, shell } from './run-a-task.ts';
import { type StartedEcs, startEcs } from './start-ecs.ts';

describe('task state change events', () => {
  let local: StartedEcs;

  beforeEach(async () => {
    local = await startEcs({ settings: { eventsQueueUrl: 'events' } });
  });

  afterEach(() => local.stop());

  const events = () => local.events.map((body) => JSON.parse(body));
  const details = () => events().map(({ detail }) => detail);
  const versions = () => details().map(({ version }) => version);

  it('tell every state of a task, each with a version of its own', async () => {
    await runToEnd(local.client, [shell('exit 3')]);
    const states = details().map(({ lastStatus }) => lastStatus);
    expect([...new Set(states)]).toEqual([
      'PROVISIONING',
      'PENDING',
      'ACTIVATING',
      'RUNNING',
      'DEACTIVATING',
      'STOPPING',
      'DEPROVISIONING',
      'STOPPED',
    ]);
    expect(versions()).toEqual(versions().map((_, index) => index + 1));
  });

  it('have the shape of EventBridge: ISO times, attachments of type eni, no tags', async () => {
    const overrides = {
      containerOverrides: [{ name: 'main', environment: [{ name: 'SLIPWAY_RUN_ID', value: 'r1' }] }],
    };
    const task = await runToEnd(local.client, [shell('exit 3')], {
      startedBy: 'slipway/r1/1',
      tags: [{ key: 'a', value: 'b' }],
      overrides,
    });
    const last = events().at(-1);
    const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(last).toMatchObject({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'ECS Task State Change',
      source: 'aws.ecs',
      account: '000000000000',
      region: 'us-east-1',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      resources: [task.taskArn],
    });
    expect(last.detail).toMatchObject({
      taskArn: task.taskArn,
      clusterArn: task.clusterArn,
      taskDefinitionArn: task.taskDefinitionArn,
      startedBy: 'slipway/r1/1',
      overrides,
      createdAt: iso,
      stoppedAt: iso,
      updatedAt: iso,
      stopCode: 'EssentialContainerExited',
      version: task.version,
      attachments: [{ type: 'eni' }],
      containers: [{ name: 'main', exitCode: 3 }],
    });
    expect(last.detail).not.toHaveProperty('tags');
  });

  it('tell the exit code before the task has STOPPED', async () => {
    await runToEnd(local.client, [shell('exit 3')]);
    const before = details().filter(({ lastStatus }) => lastStatus === 'DEPROVISIONING');
    expect(before.map(({ containers, desiredStatus }) => [containers[0].exitCode, desiredStatus])).toEqual([
      [3, 'STOPPED'],
    ]);
  });

  it('can get lost', async () => {
    local.ecs.faults.loseEvents({ nth: 2, times: 2 });
    await runToEnd(local.client, [shell('exit 0')]);
    expect(versions().slice(0, 3)).toEqual([1, 4, 5]);
  });

  it('can come more than once', async () => {
    local.ecs.faults.duplicateEvents({ copies: 2 });
    await runToEnd(local.client, [shell('exit 0')]);
    expect(versions().slice(0, 4)).toEqual([1, 1, 1, 2]);
  });

  it('can overtake each other', async () => {
    local.ecs.faults.reorderEvents({ times: 2 });
    await runToEnd(local.client, [shell('exit 0')]);
    expect(versions().slice(0, 4)).toEqual([3, 2, 1, 4]);
  });

  it('do not keep tasks from running when their queue is not there', async () => {
    await local.stop();
    const { AwsError } = await import('../../../src/local/service.ts');
    const send = vi.fn(() => {
      throw new AwsError('QueueDoesNotExist', 'no queue');
    });
    local = await startEcs({ settings: { eventsQueueUrl: 'gone' }, queues: { send } });
    const definition = await register(local.client, [shell('exit 0')]);
    const task = await run(local.client, definition);
    expect(task.lastStatus).toBe('PROVISIONING');
    expect(send).toHaveBeenCalled();
  });
});
