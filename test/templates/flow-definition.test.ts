import { describe, expect, it } from 'vitest';
import { workspaceOf } from './render-launch.ts';

async function flowOf(text: string, agent: object = {}) {
  const workspace = await workspaceOf({ 'agent.yaml': agent, 'flows/etl.yaml': text });
  if (!workspace.ok) throw new Error('is good');
  const flow = workspace.value.flows.get('etl');
  if (flow === undefined) throw new Error(JSON.stringify(workspace.value.flowFaults));
  return flow;
}

describe('a flow', () => {
  it('needs nothing but its name', async () => {
    expect(await flowOf('flow: etl')).toMatchObject({
      flow: 'etl',
      version: '1',
      runConfig: {},
      labels: [],
      requests: { allow: ['parameters', 'env', 'cpu', 'memory', 'profile', 'ephemeralStorage'] },
      retries: { FAILED: { max: 0 }, CRASHED: { max: 3, delayMs: 30_000, backoff: 2, escalate: [] } },
      policy: { startTimeoutMs: 900_000 },
      schedules: [],
    });
  });

  it('keeps what it says about itself', async () => {
    const flow = await flowOf(`flow: etl
version: 1.4.2
description: Loads orders
artifact: ./build
deployment: nightly
runConfig: {labels: [gpu], image: x}
requests: {allow: []}
retries: {FAILED: {max: 2, delay: 10s}}
timeouts: {run: 2h}
concurrency: {limit: 1}
schedules: [{cron: "0 2 * * *", timezone: America/New_York, catchUp: latest, overlap: skip}]
`);
    expect(flow).toMatchObject({
      version: '1.4.2',
      description: 'Loads orders',
      deployment: 'nightly',
      labels: ['gpu'],
      requests: { allow: [] },
      policy: { retries: { FAILED: { max: 2, delayMs: 10_000 } }, runTimeoutMs: 7_200_000 },
      concurrency: { limit: 1 },
    });
    expect(flow.artifact).toEqual({ kind: 'local', path: `${process.cwd()}/flows/build` });
    expect(flow.policy.retries.CRASHED).not.toHaveProperty('escalate');
  });

  it('takes the agent’s retries and timeouts where it has none', async () => {
    const agent = { retries: { CRASHED: { max: 9 } }, timeouts: { start: '5m', run: '1h' } };
    expect((await flowOf('flow: etl\ntimeouts: {run: 3h}', agent)).policy).toMatchObject({
      retries: { CRASHED: { max: 9 } },
      startTimeoutMs: 300_000,
      runTimeoutMs: 10_800_000,
    });
  });

  it('checks parameters against its schema, and fills in defaults on a copy', async () => {
    const flow = await flowOf(`flow: etl
parameters:
  type: object
  required: [date]
  additionalProperties: false
  properties:
    date: {type: string, format: date}
    full: {type: boolean, default: false}
`);
    const given = { date: '2026-10-01' };
    expect(flow.checkParameters(given)).toEqual({ ok: true, value: { date: '2026-10-01', full: false } });
    expect(given).toEqual({ date: '2026-10-01' });
    const bad = flow.checkParameters({ date: '2026-02-30', fulll: true });
    expect(bad.ok ? [] : bad.error.map(({ message }) => message)).toEqual([
      'parameters may not have "fulll"',
      'parameters.date must match format "date"',
    ]);
    expect(flow.checkParameters({})).toMatchObject({
      ok: false,
      error: [{ message: "parameters must have required property 'date'" }],
    });
  });

  it('may share the $id of its schema with another, and take 2020-12', async () => {
    const schema = (flow: string) =>
      `flow: ${flow}\nparameters: {$id: "https://acme/x", $schema: "https://json-schema.org/draft/2020-12/schema", required: [a]}`;
    const workspace = await workspaceOf({ 'agent.yaml': {}, 'flows/a.yaml': schema('a'), 'flows/b.yaml': schema('b') });
    expect(workspace).toMatchObject({ ok: true, value: { flowFaults: [] } });
  });
});
