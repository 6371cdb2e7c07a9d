import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import type { AttemptRecord } from '../../src/core/run.ts';
import { runCost } from '../../src/core/run-cost.ts';

const HOUR = 3_600_000;
const ARN = 'arn:aws:ecs:us-east-1:123456789012:task/main/abc';
const TASK = {
  taskArn: ARN,
  lastStatus: 'STOPPED',
  containers: [],
  cpu: 1024,
  memory: 2048,
  ephemeralStorage: 20,
  architecture: 'x86_64',
  launchType: 'FARGATE',
  createdAt: 0,
  pullStartedAt: HOUR,
  startedAt: HOUR * 1.5,
  stoppedAt: HOUR * 2,
};

describe('the cost of a run', () => {
  it('is that of its tasks from the download of the image to the stop', () => {
    const { dollars, priced } = runCost({ attempts: [attempt(TASK), attempt(TASK)] });
    expect(dollars).toBeCloseTo(2 * (0.04048 + 2 * 0.004445), 6);
    expect(priced).toBe(2);
  });

  it('goes by the end of the attempt while ECS is still taking the task down', () => {
    const { stoppedAt: end, ...stopping } = TASK;
    const { dollars } = runCost({ attempts: [{ ...attempt(stopping), finishedAt: end }] });
    expect(dollars).toBeCloseTo(0.04048 + 2 * 0.004445, 6);
  });

  it('is that of a minute at least', () => {
    const short = runCost({ attempts: [attempt({ ...TASK, stoppedAt: HOUR + 5_000 })] });
    expect(short.dollars).toBeCloseTo((0.04048 + 2 * 0.004445) / 60, 8);
  });

  it('is lower on ARM, and grows with storage above 20 GiB', () => {
    const arm = runCost({ attempts: [attempt({ ...TASK, architecture: 'arm64' })] });
    expect(arm.dollars).toBeCloseTo(0.03238 + 2 * 0.00356, 6);
    const large = runCost({ attempts: [attempt({ ...TASK, ephemeralStorage: 120 })] });
    expect(large.dollars).toBeCloseTo(0.04048 + 2 * 0.004445 + 100 * 0.000111, 6);
  });

  it('is nothing for an attempt without a task, and for a task that never pulled its image', () => {
    const { pullStartedAt: _pull, startedAt: _start, ...never } = TASK;
    expect(runCost({ attempts: [attempt(never), attempt(undefined)] })).toEqual({
      dollars: 0,
      priced: 2,
      unpriced: 0,
      onSpot: 0,
      regionsWithoutPrice: [],
    });
  });

  it('leaves out, and counts, what did not run on Fargate or has no known size or region', () => {
    const { cpu: _cpu, ...sizeless } = TASK;
    const elsewhere = attempt(TASK, ARN.replace('us-east-1', 'mars-1'));
    const onEc2 = attempt({ ...TASK, launchType: 'EC2' });
    const attempts = [attempt(sizeless), elsewhere, onEc2];
    expect(runCost({ attempts })).toEqual({
      dollars: 0,
      priced: 0,
      unpriced: 3,
      onSpot: 0,
      regionsWithoutPrice: ['mars-1'],
    });
  });

  it('says how much of it was on Spot', () => {
    const { launchType: _type, ...task } = TASK;
    const spot = attempt({ ...task, capacityProvider: 'FARGATE_SPOT' });
    expect(runCost({ attempts: [spot] })).toMatchObject({ priced: 1, onSpot: 1 });
  });

  it('goes by prices of one’s own', () => {
    const free = { vcpu: 0, gb: 0 };
    const own = { 'us-east-1': { x86: { vcpu: 1, gb: 0 }, arm: free, storage: 0.5 } };
    expect(runCost({ attempts: [attempt({ ...TASK, ephemeralStorage: 22 })] }, own).dollars).toBe(2);
  });
});

function attempt(observation: Json | undefined, taskArn = ARN): AttemptRecord {
  return {
    attempt: 1,
    status: 'SUCCEEDED',
    finishedAt: 3 * HOUR,
    reason: { code: 'SUCCEEDED', message: 'it succeeded' },
    ...(observation === undefined ? {} : { taskArn, observation }),
  };
}
