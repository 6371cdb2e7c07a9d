import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type LaunchCase, planCase } from './render-launch.ts';
import { launch, TEMPLATE } from './small-launch.ts';

/** The variables that the run brings, or the faults. */
async function variablesOf(one: LaunchCase): Promise<Readonly<Record<string, string | undefined>>> {
  const plan = await planCase(one);
  if (!plan.ok) throw new Error(plan.error.map(({ message, hint }) => `${message}; ${hint}`).join('\n'));
  const [main] = plan.value.runTask.overrides?.containerOverrides ?? [];
  return Object.fromEntries((main?.environment ?? []).map(({ name = '', value }) => [name, value]));
}

const HASH = 'a'.repeat(64);
const AGENT = {
  packages: {
    'my-deps': 's3://acme/dep-packages/my-deps.zip',
    models: { uri: 's3://acme/dep-packages/models.tar.gz', sha256: HASH, bytes: 123 },
  },
  deployments: { production: ['models', 'my-deps'], develop: ['my-deps'], broken: ['my-dep'] },
};

describe('the packages of a deployment', () => {
  it('reach the worker as addresses, in their order, with what is known of them', async () => {
    const variables = await variablesOf(launch({ agent: AGENT, flow: { deployment: 'production' } }));
    expect(JSON.parse(variables.SLIPWAY_DEP_PACKAGE_URIS ?? '')).toEqual([
      `s3://acme/dep-packages/models.tar.gz#sha256=${HASH}&bytes=123`,
      's3://acme/dep-packages/my-deps.zip',
    ]);
  });

  it("are those of the request's deployment, if it names one; none without any", async () => {
    const flow = { deployment: 'production' };
    const asked = await variablesOf(launch({ agent: AGENT, flow, request: { deployment: 'develop' } }));
    expect(JSON.parse(asked.SLIPWAY_DEP_PACKAGE_URIS ?? '')).toEqual(['s3://acme/dep-packages/my-deps.zip']);
    expect(await variablesOf(launch({ agent: AGENT }))).not.toHaveProperty('SLIPWAY_DEP_PACKAGE_URIS');
  });

  it('are a fault where deployment or package are not known, with what was probably meant', async () => {
    const asked = variablesOf(launch({ agent: AGENT, request: { deployment: 'prodution' } }));
    await expect(asked).rejects.toThrow('there is no deployment "prodution"; did you mean "production"?');
    const broken = variablesOf(launch({ agent: AGENT, flow: { deployment: 'broken' } }));
    await expect(broken).rejects.toThrow('there is no package "my-dep"; did you mean "my-deps"?');
  });
});

describe('pipes: logs', () => {
  const decode = (text = '') => JSON.parse(inflateSync(Buffer.from(text, 'base64')).toString());

  it('gives a plain container the bootstrap of Dagster Pipes, and says so in the plan', async () => {
    const one = launch({ flow: { pipes: 'logs' }, request: { runId: 'r-1', parameters: { day: '2026-10-01' } } });
    const variables = await variablesOf(one);
    expect(decode(variables.DAGSTER_PIPES_MESSAGES)).toEqual({ stdio: 'stdout' });
    expect(decode(variables.DAGSTER_PIPES_CONTEXT)).toMatchObject({
      data: { run_id: 'r-1', job_name: 'etl', retry_number: 0, extras: { day: '2026-10-01' } },
    });
    const plan = await planCase(one);
    expect(plan.ok && plan.value.pipes).toBe('logs');
  });

  it('leaves other flows as they are', async () => {
    expect(await variablesOf(launch({}))).not.toHaveProperty('DAGSTER_PIPES_CONTEXT');
    await expect(variablesOf(launch({ flow: { pipes: 'file' } }))).rejects.toThrow('pipes');
  });
});

describe('pipes of a worker flow', () => {
  it("are the worker's own: a variable that leads elsewhere is a fault wherever it is said", async () => {
    const said = { DAGSTER_PIPES_MESSAGES: 'elsewhere' };
    const words = /DAGSTER_PIPES_MESSAGES cannot be set where the worker runs the program/;
    await expect(variablesOf(launch({ flow: { worker: true }, runConfig: { env: said } }))).rejects.toThrow(words);
    const asked = launch({ flow: { worker: true }, request: { runConfig: { env: said } } });
    await expect(variablesOf(asked)).rejects.toThrow(words);
    const image = 'registry.example.com/slipway-worker:1';
    await expect(variablesOf(launch({ runConfig: { image }, ecs: { env: said } }))).rejects.toThrow(words);
  });

  it("are nobody else's concern in a plain container", async () => {
    const env = { DAGSTER_PIPES_MESSAGES: 'elsewhere' };
    expect(await planCase(launch({ runConfig: { env } }))).toMatchObject({ ok: true });
  });
});

describe('the time to stop', () => {
  it('is told to the worker where the definition says it', async () => {
    const containerDefinitions = [{ name: 'flow', image: 'etl:1', stopTimeout: 110 }];
    const variables = await variablesOf(launch({ template: { ...TEMPLATE, containerDefinitions } }));
    expect(variables.SLIPWAY_STOP_TIMEOUT).toBe('110');
    expect(await variablesOf(launch({}))).not.toHaveProperty('SLIPWAY_STOP_TIMEOUT');
  });
});
