import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from '../../src/cli/env.ts';
import { Stage } from '../whole/stage.ts';
import { runInProcess } from './cli-in-process.ts';
import { localEnv } from './local-server.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
  await stage.send({ flow: 'plain', runId: 'paid' });
  await stage.send({ flow: 'nobody-knows', runId: 'never-launched' });
  await stage.processUntilEnded(await stage.agent(), 2);
});
afterAll(() => stage.close());

const slipway = (...args: string[]) =>
  runInProcess([...args, '--table', 'slipway', '--queue-url', stage.queueUrl], { env: readEnv(localEnv(stage.aws)) });

/** One vCPU and 2 GB for the least time, a minute, in us-east-1. */
const LEAST = 0.000823;

describe('what runs have cost', () => {
  it('stands in the record of a run, in words and for programs', async () => {
    expect((await slipway('runs', 'get', 'paid')).stdout).toMatch(/cost +≈ \$0\.0008\n/);
    const { cost } = JSON.parse((await slipway('runs', 'get', 'paid', '-o', 'json')).stdout);
    expect(cost).toMatchObject({ pricedAttempts: 1, unpricedAttempts: 0, spotAttempts: 0 });
    expect(cost.dollars).toBeCloseTo(LEAST, 5);
  });

  it('is added up by flow and by day', async () => {
    const byFlow = JSON.parse((await slipway('cost', '--by', 'flow', '-o', 'json')).stdout);
    expect(byFlow.map(({ flow, runs }: { flow: string; runs: number }) => [flow, runs])).toEqual([
      ['plain', 1],
      ['nobody-knows', 1],
    ]);
    expect(byFlow[0].cost.dollars).toBeCloseTo(LEAST, 5);
    expect(byFlow[1].cost).toBeNull();
    const days = await slipway('cost', '--by', 'day', '--since', '2d');
    expect(days.stdout).toMatch(/^DAY .*\n20\d\d-\d\d-\d\d +\d +1 +\$0\.0008/);
    expect(days.stdout).toMatch(/total +2 +1 +\$0\.0008/);
    expect(days.stderr).toContain('an estimate');
  });

  it('refuses a time that is none', async () => {
    expect(await slipway('cost', '--since', 'yesterday')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--since takes'),
    });
  });
});
