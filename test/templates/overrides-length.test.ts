import { describe, expect, it } from 'vitest';
import { faultsOf, planOf } from './render-launch.ts';

const files = (bucket?: string) => ({
  'agent.yaml': { table: 'slipway', ...(bucket ? { bucket } : {}), ecs: { network: { subnets: ['subnet-a'] } } },
  'flows/etl.yaml': { flow: 'etl', runConfig: { image: 'etl:1' } },
});

const requestOf = (length: number) => ({ flow: 'etl', runId: 'run-1', parameters: { text: 'x'.repeat(length) } });
const lengthOf = async (length: number) =>
  JSON.stringify((await planOf({ files: files('s3://data/prod/'), request: requestOf(length) })).runTask.overrides)
    .length;

describe('overrides', () => {
  it('of 8191 and 8192 characters go as they are; one more, and the parameters go to S3', async () => {
    const room = 8192 - (await lengthOf(0));
    expect(await lengthOf(room - 1)).toBe(8191);
    expect(await lengthOf(room)).toBe(8192);
    const plan = await planOf({ files: files('s3://data/prod/'), request: requestOf(room + 1) });
    expect(plan.uploads).toEqual([
      {
        uri: 's3://data/prod/parameters/run-1/1.json',
        body: JSON.stringify({ text: 'x'.repeat(room + 1) }),
        contentType: 'application/json',
      },
    ]);
    const environment = plan.runTask.overrides?.containerOverrides?.[0]?.environment ?? [];
    expect(environment).toContainEqual({
      name: 'SLIPWAY_PARAMETERS_S3_URI',
      value: 's3://data/prod/parameters/run-1/1.json',
    });
    expect(environment.map(({ name }) => name)).not.toContain('SLIPWAY_PARAMETERS');
  });

  it('leave parameters of a megabyte to S3', async () => {
    const plan = await planOf({ files: files('s3://data'), request: requestOf(1_000_000) });
    expect(plan.uploads[0]?.body).toHaveLength(1_000_011);
  });

  it('of 8193 characters that no parameters take up are refused, with what takes the most room', async () => {
    const wish = (length: number) => ({
      flow: 'etl',
      runId: 'run-1',
      runConfig: { env: { QUERY: 'x'.repeat(length), NOTE: 'n'.repeat(600) } },
    });
    const launch = (length: number) => ({ files: files('s3://data'), request: wish(length) });
    const characters = async (length: number) =>
      JSON.stringify((await planOf(launch(length))).runTask.overrides).length;
    const room = 8192 - (await characters(6000)) + 6000;
    expect(await characters(room - 1)).toBe(8191);
    expect(await characters(room)).toBe(8192);
    const [fault] = await faultsOf(launch(room + 1));
    expect(fault).toMatch(
      /^request RunTask's overrides would have 8193 characters, most of them in flow\.env\.QUERY \(\d+\), flow\.env\.NOTE \(\d+\);/,
    );
  });

  it('that do not fit are a fault without a bucket', async () => {
    const [fault] = await faultsOf({ files: files(), request: requestOf(9000) });
    expect(fault).toContain('ECS takes at most 8192; set bucket in agent.yaml');
  });

  it('point to parameters that are in S3 already', async () => {
    const plan = await planOf({
      files: files('s3://data'),
      request: { flow: 'etl', parametersS3Uri: 's3://elsewhere/p.json' },
    });
    expect(plan.uploads).toEqual([]);
    expect(plan.runTask.overrides?.containerOverrides?.[0]?.environment).toContainEqual({
      name: 'SLIPWAY_PARAMETERS_S3_URI',
      value: 's3://elsewhere/p.json',
    });
  });
});
