import { ListTasksCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEcsClient } from '../../src/aws/create-ecs-client.ts';
import { RetryBudget } from '../../src/aws/retry-budget.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';

describe('the retry budget', () => {
  it('allows a few retries to a program that calls seldom', () => {
    const budget = new RetryBudget({ monotonic: () => 0, random: () => 0 });
    budget.noteCall();
    expect(Array.from({ length: 12 }, () => budget.spend()).filter(Boolean)).toHaveLength(10);
  });

  it('allows a tenth of the calls of the last ten seconds, and forgets older ones', () => {
    let now = 0;
    const budget = new RetryBudget({ monotonic: () => now, random: () => 0 });
    const spendAll = () => {
      let spent = 0;
      while (budget.spend()) spent += 1;
      return spent;
    };
    for (let i = 0; i < 1_000; i += 1) budget.noteCall();
    expect(spendAll()).toBe(100);
    now = 5_000;
    expect(spendAll()).toBe(0);
    now = 20_000;
    expect(spendAll()).toBe(10);
  });
});

describe('a client whose retries are budgeted', () => {
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws();
  });
  afterAll(() => aws.stop());
  beforeEach(() => aws.faults.clear());

  const timing = { monotonic: () => performance.now(), random: () => 0 };
  const calls = () => aws.faults.counts().get('ecs.ListTasks') ?? 0;

  it('repeats what failed by chance', async () => {
    const ecs = createEcsClient({ region: 'us-east-1', endpoint: aws.url, timing });
    const before = calls();
    aws.faults.add({ operation: 'ecs.ListTasks', times: 2, nth: 1, fault: serverError() });
    await expect(ecs.send(new ListTasksCommand({}))).resolves.toMatchObject({ taskArns: [] });
    expect(calls() - before).toBe(3);
  });

  it('adds ten retries to a hundred calls that all fail, where three tries each would add two hundred', async () => {
    const ecs = createEcsClient({ region: 'us-east-1', endpoint: aws.url, timing });
    const before = calls();
    aws.faults.add({ operation: 'ecs.ListTasks', fault: throttle() });
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => ecs.send(new ListTasksCommand({}))));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(calls() - before).toBeLessThanOrEqual(100 + 10);
    expect(outcomes[0]).toMatchObject({ reason: { name: 'ThrottlingException' } });
  });

  it('does not repeat what ECS refuses', async () => {
    const ecs = createEcsClient({ region: 'us-east-1', endpoint: aws.url, timing });
    const before = calls();
    await expect(ecs.send(new ListTasksCommand({ cluster: 'nowhere' }))).rejects.toThrow(/Cluster not found/);
    expect(calls() - before).toBe(1);
  });
});

function serverError() {
  return { kind: 'error', name: 'ServerException', message: 'Service Unavailable', status: 503 } as const;
}

function throttle() {
  return { kind: 'error', name: 'ThrottlingException', message: 'Rate exceeded', status: 400 } as const;
}
