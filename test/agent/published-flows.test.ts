import { describe, expect, it } from 'vitest';
import { PublishedFlows, wantedFlow } from '../../src/agent/published-flows.ts';
import { workspacePlanner } from '../../src/agent/workspace-planner.ts';
import { formatFault } from '../../src/core/fault.ts';
import { ok } from '../../src/core/result.ts';
import type { Workspace } from '../../src/templates/workspace.ts';
import { loadWorkspace } from '../../src/templates/workspace.ts';
import { flowRecord } from '../contracts/flow-catalogue-contract.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { MemoryFlowCatalogue } from '../fakes/memory-flow-catalogue.ts';
import { queuedRun, runRequest } from '../fakes/runs.ts';
import { memorySource } from '../templates/memory-source.ts';

const FILES = {
  'agent.yaml': {
    table: 'slipway',
    bucket: 's3://bucket',
    ecs: { image: 'slipway-worker:1', network: { subnets: ['subnet-a'] } },
  },
  'flows/etl.yaml': { flow: 'etl', version: '1.5.0', artifact: 's3://bucket/yaml.zip' },
  'flows/broken.yaml': { flow: 'broken', imgae: 'x' },
};

const SPEC = JSON.stringify({ parameters: { type: 'object', properties: { top: { type: 'integer', default: 3 } } } });

async function stage() {
  const reader = memorySource(FILES);
  const loaded = await loadWorkspace({ configRef: 'agent.yaml', settings: {}, reader, hostName: 'host' });
  if (!loaded.ok) throw new Error(loaded.error.map(formatFault).join('\n'));
  const catalogue = new MemoryFlowCatalogue();
  const clock = new ManualClock();
  const flows = new PublishedFlows({ catalogue, clock });
  const workspace: Workspace = loaded.value;
  const find = async (flow: string, flowVersion = 'latest') => {
    const found = await flows.find(workspace, { flow, flowVersion });
    return found.ok ? `${found.value.flow.flow}@${found.value.flow.version}` : found.error.map(formatFault).join('\n');
  };
  return { workspace, catalogue, clock, flows, find };
}

describe('the flow that a request means', () => {
  it('is that of a YAML file, by name or by name and version, without asking the catalogue', async () => {
    const { catalogue, find } = await stage();
    await catalogue.publish(flowRecord({ flow: 'etl', version: '1.5.0' }));
    await catalogue.publish(flowRecord({ flow: 'etl', version: '9.0.0' }));
    expect(await find('etl')).toBe('etl@1.5.0');
    expect(await find('etl', '1.5.0')).toBe('etl@1.5.0');
    expect(catalogue.finds).toBe(0);
  });

  it('is a published one when YAML has not that version, or not that name', async () => {
    const { catalogue, find } = await stage();
    await catalogue.publish(flowRecord({ flow: 'etl', version: '2.0.0' }));
    for (const version of ['1.9.0', '1.10.0', 'main']) await catalogue.publish(flowRecord({ flow: 'sales', version }));
    expect(await find('etl', '2.0.0')).toBe('etl@2.0.0');
    expect(await find('sales')).toBe('sales@1.10.0');
    expect(await find('sales', 'main')).toBe('sales@main');
  });

  it('is nowhere: then it says what there is, and what to look at', async () => {
    const { find } = await stage();
    expect(await find('elt')).toBe('there is no flow "elt"; did you mean "etl"?');
    expect(await find('etl', '7')).toBe(
      'flow "etl" is here in version 1.5.0, not 7, and that version is not published; slipway flows ls --flow etl',
    );
  });

  it('is no published one while the YAML file of that name has faults', async () => {
    const { catalogue, find } = await stage();
    await catalogue.publish(flowRecord({ flow: 'broken', version: '1.0.0' }));
    expect(await find('broken')).toContain('unknown key "imgae"');
    expect(await find('broken', '1.0.0')).toBe('broken@1.0.0');
  });

  it('is looked for once by a burst of runs, and anew soon after', async () => {
    const { catalogue, clock, flows, workspace, find } = await stage();
    await catalogue.publish(flowRecord({ flow: 'sales', version: '1.0.0' }));
    const wanted = { flow: 'sales', flowVersion: 'latest' };
    const burst = await Promise.all(Array.from({ length: 20 }, () => flows.find(workspace, wanted)));
    expect(catalogue.finds).toBe(1);
    // The very same workspace: what was prepared for the first launch is there for the others.
    const workspaces = burst.map((found) => (found.ok ? found.value.workspace : undefined));
    expect(new Set(workspaces).size).toBe(1);
    await catalogue.publish(flowRecord({ flow: 'sales', version: '1.1.0' }));
    clock.advance(2_001);
    expect(await find('sales')).toBe('sales@1.1.0');
    expect(catalogue.finds).toBe(2);
  });

  it('stays what it was when a run is tried again, though a higher version has been published meanwhile', async () => {
    const { catalogue, flows, workspace } = await stage();
    for (const version of ['1.0.0', '2.0.0']) await catalogue.publish(flowRecord({ flow: 'sales', version }));
    const reason = { code: 'SPOT_INTERRUPTION', message: 'gone' } as const;
    const ended = { attempt: 1, status: 'CRASHED', finishedAt: 1, reason } as const;
    const versionAfter = async (over: object) => {
      const run = queuedRun({ request: runRequest({ flow: 'sales' }), attempt: 2, attempts: [{ ...ended, ...over }] });
      const found = await flows.find(workspace, wantedFlow(run));
      return found.ok ? found.value.flow.version : found.error;
    };
    expect(await versionAfter({ flowVersion: '1.0.0' })).toBe('1.0.0');
    expect(await versionAfter({})).toBe('2.0.0');
    expect(await versionAfter({ flowVersion: '0.9.0-gone' })).toBe('2.0.0');
  });

  it('asks again after the catalogue could not be asked', async () => {
    const { catalogue, workspace, clock } = await stage();
    await catalogue.publish(flowRecord({ flow: 'sales' }));
    let fails = true;
    const flaky = new PublishedFlows({
      clock,
      catalogue: {
        find: (flow, version) => (fails ? Promise.reject(new Error('no route')) : catalogue.find(flow, version)),
      },
    });
    const wanted = { flow: 'sales', flowVersion: 'latest' };
    await expect(flaky.find(workspace, wanted)).rejects.toThrow('no route');
    fails = false;
    expect(await flaky.find(workspace, wanted)).toMatchObject({ ok: true });
  });
});

describe('a run of a published flow', () => {
  it('is planned with its artifact, its schema, and the settings it was published with', async () => {
    const { catalogue, flows, workspace } = await stage();
    const settings = { runConfig: { cpu: 2048, memory: 4096 }, timeouts: { run: '5m' } };
    await catalogue.publish(
      flowRecord({ flow: 'sales', version: '1.2.0', spec: SPEC, settings, artifactS3Uri: 's3://bucket/a/flow.zip' }),
    );
    const files = new MemoryFileStore();
    const artifacts = {
      publish: async ({ artifact }: { artifact?: { kind: string; uri?: string } }) => ok(artifact?.uri),
    };
    const surroundings = { find: async () => ok({}) };
    const planner = workspacePlanner({ workspace: () => workspace, flows, artifacts, files, surroundings });
    const planned = await planner(queuedRun({ request: runRequest({ flow: 'sales' }) }));
    if (planned === 'not-ours' || !planned.ok) throw new Error(JSON.stringify(planned));
    expect(planned.value.policy.runTimeoutMs).toBe(300_000);
    expect(JSON.stringify(planned.value.plan.runTask)).toContain('s3://bucket/a/flow.zip');
    expect(JSON.stringify(planned.value.plan.runTask)).toContain('{\\"top\\":3}');
    expect(planned.value.plan.worker).toBe(true);
    expect(planned.value.flowVersion).toBe('1.2.0');
    const wrong = await planner(queuedRun({ request: runRequest({ flow: 'sales', parameters: { top: 'all' } }) }));
    expect(wrong).toMatchObject({ ok: false, error: { code: 'INVALID_REQUEST' } });
  });

  it('fails in words that name the flow and its version when its settings are wrong', async () => {
    const { catalogue, find } = await stage();
    const settings = { runConfig: { taskDefinition: './td.yaml', cpu: 'many' }, schedules: [{ cron: '* * * * *' }] };
    await catalogue.publish(flowRecord({ flow: 'sales', settings }));
    const faults = await find('sales');
    expect(faults).toContain(
      "sales@1.0.0 schedules may not be set here: schedules are for flows in the agent's folder",
    );
    expect(faults).toMatch(/sales@1.0.0:\d+:\d+ taskDefinition names a file; write it out here, as a map/);
  });
});
