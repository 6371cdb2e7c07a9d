import { describe, expect, it } from 'vitest';
import { parseRunRequest } from '../../src/core/parse-run-request.ts';
import { explain } from '../../src/templates/explain.ts';
import { resolveRun } from '../../src/templates/resolve.ts';
import { type LaunchCase, planCase, workspaceOf } from './render-launch.ts';
import { containerOf, launch, TEMPLATE } from './small-launch.ts';

const IDENTITY = { runId: 'r', attempt: 1, placement: 0 };

const withStopTimeout = (stopTimeout: number) => ({
  ...TEMPLATE,
  containerDefinitions: [
    { name: 'flow', image: 'etl:1', stopTimeout },
    { name: 'side', image: 'side:1', essential: false },
  ],
});

describe('timeouts.stop', () => {
  it("is the main container's stopTimeout, in whole seconds, and no other container's", async () => {
    const one = launch({ template: withStopTimeout(30), flow: { timeouts: { stop: '1m30s' } } });
    expect(await containerOf(one)).toMatchObject({ stopTimeout: 90 });
    expect(await containerOf(one, 'side')).not.toHaveProperty('stopTimeout');
    expect(await containerOf(launch({ flow: { timeouts: { stop: '2500ms' } } }))).toMatchObject({ stopTimeout: 3 });
  });

  it('is what the worker is told, so that it ends its program in time', async () => {
    const plan = await planCase(launch({ flow: { timeouts: { stop: '90s' } } }));
    const [main] = (plan.ok && plan.value.runTask.overrides?.containerOverrides) || [];
    expect(main?.environment).toContainEqual({ name: 'SLIPWAY_STOP_TIMEOUT', value: '90' });
  });

  it("wins and loses as a key of its file: the agent's beats its template, a flow's beats both, a flow's template beats the agent's", async () => {
    const agent = { timeouts: { stop: '60s' } };
    const template = withStopTimeout(30);
    expect(await containerOf(launch({ template, agent }))).toMatchObject({ stopTimeout: 60 });
    const flow = { timeouts: { stop: '100s' } };
    expect(await containerOf(launch({ template, agent, flow }))).toMatchObject({ stopTimeout: 100 });
    const taskDefinitionPatch = { containerDefinitions: [{ name: 'flow', stopTimeout: 20 }] };
    const patched = { template, agent, runConfig: { taskDefinitionPatch } };
    expect(await containerOf(launch(patched))).toMatchObject({ stopTimeout: 20 });
    expect(await containerOf(launch({ ...patched, flow }))).toMatchObject({ stopTimeout: 100 });
  });

  it('says in explain where it stands and what it overrode', async () => {
    const files = {
      'agent.yaml': 'table: slipway\necs: {cluster: c, taskDefinition: td.yaml, network: {subnets: [a]}}\n',
      'td.yaml': 'cpu: 256\nmemory: 512\ncontainerDefinitions: [{name: flow, image: x, stopTimeout: 30}]\n',
      'flows/etl.yaml': 'flow: etl\ntimeouts:\n  stop: 90s\n',
    };
    expect(await explained(files, 'flow.stopTimeout')).toMatchObject({
      value: 90,
      setBy: 'flows/etl.yaml:3:9',
      overrode: [{ value: 30, setBy: 'td.yaml:3:60' }],
    });
  });

  it('leaves the definition as it is where nobody says it', async () => {
    expect(await containerOf(launch({}))).not.toHaveProperty('stopTimeout');
  });

  it('of the agent is left out, with a warning, for a flow whose definition exists already', async () => {
    const one = launch({ agent: { timeouts: { stop: '60s' } }, runConfig: { taskDefinition: 'etl:7' } });
    expect(await planCase(one)).toMatchObject({ ok: true });
    expect((await resolved(one.files)).warnings).toContainEqual(
      expect.objectContaining({ message: 'stopTimeout is ignored: etl:7 exists already' }),
    );
  });
});

async function resolved(files: LaunchCase['files']) {
  const workspace = await workspaceOf(files);
  const parsed = parseRunRequest(JSON.stringify({ flow: 'etl' }));
  if (!workspace.ok || !parsed.ok) throw new Error('is good');
  const config = resolveRun(workspace.value, { request: parsed.value.request, ...IDENTITY });
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value;
}

async function explained(files: LaunchCase['files'], field: string) {
  const rows = explain(await resolved(files), IDENTITY);
  return rows.find((row) => row.field === field);
}
