import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CallRates } from '../../src/agent/call-rates.ts';
import { createEcsClients } from '../../src/aws/create-ecs-client.ts';
import { EcsTaskHost } from '../../src/aws/ecs-task-host.ts';
import type { PacedCall } from '../../src/core/call-pace.ts';
import type { Intent } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import type { Registration } from '../../src/core/task-host.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { systemClock } from '../../src/service/clock.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const never = createStop().signal;
const LIMITS = { launchesPerSecond: 18, registrationsPerSecond: 0.9, readsPerSecond: 15, stopsPerSecond: 15 };

let clock: ManualClock;
let rates: CallRates;
let order: string[];

beforeEach(() => {
  clock = new ManualClock();
  rates = new CallRates(LIMITS, clock);
  order = [];
});

async function advance(ms: number): Promise<void> {
  clock.advance(ms);
  for (let i = 0; i < 50; i += 1) await Promise.resolve();
}

async function drain(caller: 'launch' | 'watch' | 'housekeeping', call: PacedCall, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await rates.of(caller).take(call, never);
}

describe('the rates of calls', () => {
  it('let a recovered launch go before a thousand that are new', async () => {
    for (let i = 0; i < 1_000; i += 1) void rates.takeLaunch(never).then(() => order.push('new'));
    void rates
      .of('watch')
      .take('RunTask', never)
      .then(() => order.push('recovered'));
    await advance(60);
    expect(order.slice(9)).toEqual(['recovered']);
  });

  it('let a cancel stop its task while orphans are being stopped', async () => {
    await drain('housekeeping', 'StopTask', 15);
    for (let i = 0; i < 100; i += 1)
      void rates
        .of('housekeeping')
        .take('StopTask', never)
        .then(() => order.push('orphan'));
    void rates
      .of('watch')
      .take('StopTask', never)
      .then(() => order.push('cancel'));
    await advance(70);
    expect(order).toEqual(['cancel']);
  });

  it('let a look-up that decides about a launch go before a sweep of all tasks', async () => {
    await drain('watch', 'DescribeTasks', 45);
    for (let i = 0; i < 100; i += 1)
      void rates
        .of('watch')
        .take('DescribeTasks', never)
        .then(() => order.push('sweep'));
    void rates
      .of('launch')
      .take('ListTasks', never)
      .then(() => order.push('look-up'));
    await advance(70);
    expect(order).toEqual(['look-up']);
  });

  it('send a launch back that would wait long for its registration', async () => {
    await drain('launch', 'RegisterTaskDefinition', 10);
    void rates.of('launch').take('RegisterTaskDefinition', never);
    expect(await rates.of('launch').take('RegisterTaskDefinition', never)).toBe(false);
  });

  it('do not make a first launch wait twice', async () => {
    for (let i = 0; i < 9; i += 1) await rates.takeLaunch(never);
    expect(await rates.of('launch').take('RunTask', never)).toBe(true);
  });

  it('leave the turn of a launch that came to nothing to the next', async () => {
    for (let i = 0; i < 9; i += 1) await rates.takeLaunch(never);
    rates.giveBackLaunch();
    let taken = false;
    void rates.takeLaunch(never).then(() => {
      taken = true;
    });
    await advance(0);
    expect(taken).toBe(true);
  });
});

describe('an agent at the rates of its account', () => {
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws({ ecs: { buckets: 'aws', delays: { provisioningMs: 86_400_000 } } });
  });
  afterAll(() => aws.stop());

  it('is never throttled, though first launches, repeats, stops and looks come all at once', async () => {
    // Launches are not repeated by the SDK, and what leaves evenly arrives in bursts here.
    const real = new CallRates({ ...LIMITS, launchesPerSecond: 12 }, systemClock);
    const ecs = createEcsClients({ region: 'us-east-1', endpoint: aws.url, timing: systemClock });
    const launching = new EcsTaskHost(ecs, real.of('launch'));
    const watching = new EcsTaskHost(ecs, real.of('watch'));
    const registered = await launching.register(definition(), never);
    if (!registered.ok) throw new Error(registered.error.reason.evidence);
    const outcomes = await Promise.all([
      ...Array.from({ length: 25 }, async (_, i) => {
        await real.takeLaunch(never);
        return (await launching.launch(intentOf(registered.value, `first-${i}`), never)).kind;
      }),
      ...Array.from(
        { length: 15 },
        async (_, i) => (await watching.launch(intentOf(registered.value, `again-${i}`), never)).kind,
      ),
      ...Array.from({ length: 20 }, () => watching.stopTask('default', NOBODY, 'test', never).then(() => 'launched')),
      ...Array.from({ length: 60 }, () => watching.observe('default', [NOBODY], never).then(() => 'launched')),
    ]);
    expect(new Set(outcomes)).toEqual(new Set(['launched']));
    for (const client of [ecs.calls, ecs.launches]) client.destroy();
  });
});

const NOBODY = 'arn:aws:ecs:us-east-1:000000000000:task/default/00000000000000000000000000000000';

function definition(): Registration {
  const input: Registration['input'] = {
    family: 'slipway-hello',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'flow', image: 'busybox' }],
  };
  return { kind: 'register', family: 'slipway-hello', hash: 'h', input };
}

function intentOf(taskDefinition: string, runId: string): Intent {
  return {
    request: {
      cluster: 'default',
      clientToken: runId,
      startedBy: `slipway/${runId}/1`,
      taskDefinition,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
    },
    container: 'flow',
    worker: false,
    policy: DEFAULT_POLICY,
    createdAt: 0,
  };
}
