import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../event-queue.ts';
import { History } from '../history.ts';
import { QUIET } from '../scenario.ts';
import { EcsService } from './ecs-service.ts';
import { type Delivered, QueueService } from './queue-service.ts';
import { TableService } from './table-service.ts';

const MINUTE_MS = 60_000;
const BEHAVIOUR = { provisionMs: 1_000, endingMs: 1_000, execMs: 0, invisibleMs: 0 };

function world() {
  const queue = new EventQueue();
  const history = new History(() => queue.now);
  const pass = async (ms: number): Promise<void> => {
    let isOver = false;
    queue.in(ms, () => {
      isOver = true;
    });
    await queue.drive(() => isOver);
  };
  return { queue, history, pass };
}

describe('the simulated ECS', () => {
  function ecsWorld(behaviour: Partial<typeof BEHAVIOUR> = {}) {
    const { queue, history, pass } = world();
    const ecs = new EcsService({
      seed: 1,
      queue,
      history,
      habits: QUIET,
      fixed: () => ({ ...BEHAVIOUR, ...behaviour }),
      startContainer: (_task, onExit) => {
        queue.in(1_000, () => onExit(0));
        return { terminate: () => {}, kill: () => {} };
      },
      onChange: () => {},
    });
    const run = (over = {}): object =>
      ecs.runTask(
        'test',
        { cluster: 'main', clientToken: 'token', startedBy: 'me', taskDefinition: 'f:1', ...over },
        { travelledMs: 0 },
      );
    const firstArn = (): string => ecs.tasks[0]?.facts.taskArn ?? '';
    return { ecs, run, pass, firstArn };
  }

  it('answers a repeated token with the same task, until an hour after the task has stopped', async () => {
    const { ecs, run, pass } = ecsWorld();
    run();
    await pass(30 * MINUTE_MS);
    expect(run()).toMatchObject({ tasks: [{ taskArn: ecs.tasks[0]?.facts.taskArn, lastStatus: 'STOPPED' }] });
    expect(ecs.tasks).toHaveLength(1);
    await pass(31 * MINUTE_MS);
    run();
    expect(ecs.tasks).toHaveLength(2);
  });

  it('refuses a token with another request, and names the task that it stands for', () => {
    const { run, firstArn } = ecsWorld();
    run();
    expect(() => run({ startedBy: 'you' })).toThrow(
      expect.objectContaining({ name: 'ConflictException', resourceIds: [firstArn()] }),
    );
  });

  it('finds by startedBy only what is to run, and forgets a stopped task after an hour', async () => {
    const { ecs, run, pass, firstArn } = ecsWorld();
    run();
    expect(ecs.list({ startedBy: 'me' })).toEqual({ taskArns: [firstArn()] });
    await pass(MINUTE_MS);
    expect(ecs.list({ startedBy: 'me' })).toEqual({ taskArns: [] });
    expect(ecs.list({ desiredStatus: 'STOPPED' })).toEqual({ taskArns: [firstArn()] });
    await pass(60 * MINUTE_MS);
    expect(ecs.describe({ tasks: [firstArn()] })).toEqual({
      tasks: [],
      failures: [{ arn: firstArn(), reason: 'MISSING' }],
    });
  });

  it('shows a task to nobody before its time', async () => {
    const { ecs, run, pass, firstArn } = ecsWorld({ invisibleMs: MINUTE_MS, provisionMs: 2 * MINUTE_MS });
    run();
    expect(ecs.describe({ tasks: [firstArn()] })).toMatchObject({ tasks: [], failures: [{ reason: 'MISSING' }] });
    expect(ecs.list({ startedBy: 'me' })).toEqual({ taskArns: [] });
    await pass(MINUTE_MS);
    expect(ecs.list({ startedBy: 'me' })).toEqual({ taskArns: [firstArn()] });
  });
});

describe('the simulated SQS', () => {
  const habits = { seed: 1, duplicateDelivery: 0, deleteFails: 0 };

  function receive(queue: QueueService, waitMs = 0): { messages: readonly Delivered[] | undefined } {
    const received: { messages: readonly Delivered[] | undefined } = { messages: undefined };
    queue.receive(10, waitMs, (reply) => {
      received.messages = reply.ok ? reply.value : [];
    });
    return received;
  }

  it('hides a message while it is in flight, and brings it again when nobody has deleted it', async () => {
    const { queue, history, pass } = world();
    const requests = new QueueService(queue, history, habits);
    requests.send('body');
    expect(receive(requests).messages).toMatchObject([{ body: 'body', receiveCount: 1 }]);
    expect(receive(requests).messages).toEqual([]);
    await pass(90_000);
    const [again] = receive(requests).messages ?? [];
    expect(again).toMatchObject({ receiveCount: 2 });
    expect(requests.remove(again?.receipt ?? '')).toBe(true);
    expect(requests.left).toBe(0);
  });

  it('answers a long poll when a message comes, or with nothing when its time is over', async () => {
    const { queue, history, pass } = world();
    const requests = new QueueService(queue, history, habits);
    const [first, second] = [receive(requests, 20_000), receive(requests, 20_000)];
    requests.send('body');
    expect([first.messages?.length, second.messages]).toEqual([1, undefined]);
    await pass(20_000);
    expect(second.messages).toEqual([]);
  });

  it('puts a message that has come twenty times on the dead-letter queue', async () => {
    const { queue, history, pass } = world();
    const requests = new QueueService(queue, history, habits);
    requests.send('body');
    for (let count = 0; count <= 20; count += 1) {
      receive(requests);
      await pass(90_000);
    }
    expect([requests.left, requests.deadLetters]).toEqual([0, ['message-1']]);
  });
});

describe('the simulated table', () => {
  const put = { TableName: 'slipway', Item: { PK: 'DEFINITION#1', SK: 'DEFINITION', arn: 'a', version: 1 } };

  it('refuses a put whose condition does not hold, and gives back what stood in the way', () => {
    const { queue, history } = world();
    const table = new TableService(queue, history, { seed: 1, indexLag: 0, unprocessedKeys: 0 });
    table.put('test', { ...put, ConditionExpression: 'attribute_not_exists(PK)' });
    expect(() => table.put('test', { ...put, ConditionExpression: 'attribute_not_exists(PK)' })).toThrow(
      ConditionalCheckFailedException,
    );
    const stale = { ConditionExpression: '#version = :expected', ExpressionAttributeValues: { ':expected': 7 } };
    expect(() => table.put('test', { ...put, ...stale })).toThrow(
      expect.objectContaining({ Item: expect.objectContaining({ arn: { S: 'a' } }) }),
    );
  });

  it('knows only the conditions that our stores write', () => {
    const { queue, history } = world();
    const table = new TableService(queue, history, { seed: 1, indexLag: 0, unprocessedKeys: 0 });
    expect(() => table.put('test', { ...put, ConditionExpression: 'size(PK) > :n' })).toThrow('does not know');
  });
});
