import { describe, expect, it } from 'vitest';
import { parseRunRequest } from '../../src/core/parse-run-request.ts';
import { slotsOfRun } from '../../src/templates/slots-of-run.ts';
import { loadWorkspace } from '../../src/templates/workspace.ts';
import { memorySource } from './memory-source.ts';

const ETL = { flow: 'etl', version: '1', runConfig: { labels: ['night'] } };

interface Told {
  readonly limits?: readonly { key: string; limit: number }[];
  readonly flow?: object;
  readonly request?: object;
}

/** The slots of a run, as `key limit`; or the faults that keep it from having any. */
async function slots({ limits = [], flow = {}, request = {} }: Told): Promise<readonly string[]> {
  const files = { 'agent.yaml': { limits: { concurrency: limits } }, 'flows/etl.yaml': { ...ETL, ...flow } };
  const reader = memorySource(files);
  const workspace = await loadWorkspace({ configRef: 'agent.yaml', settings: {}, reader, hostName: 'host' });
  if (!workspace.ok) return workspace.error.map(({ message }) => message);
  const definition = workspace.value.flows.get('etl');
  const parsed = parseRunRequest(JSON.stringify({ flow: 'etl', ...request }));
  if (definition === undefined || !parsed.ok) throw new Error('nothing to judge');
  const found = slotsOfRun(workspace.value.agent, definition, { runId: 'r1', request: parsed.value.request });
  return found.ok ? found.value.map(({ key, limit }) => `${key} ${limit}`) : found.error.map(({ message }) => message);
}

describe('the slots of a run', () => {
  it('are none where nobody sets a limit', async () => {
    expect(await slots({})).toEqual([]);
  });

  it("are its flow's, for all of its runs together", async () => {
    expect(await slots({ flow: { concurrency: { limit: 2 } } })).toEqual(['flow/etl 2']);
  });

  it("are its flow's for each value of the key, defaults of the parameters included", async () => {
    const parameters = { type: 'object', properties: { customer: { type: 'string', default: 'nobody' } } };
    const flow = { concurrency: { limit: 1, key: '{{ parameters.customer }}' }, parameters };
    expect(await slots({ flow, request: { parameters: { customer: 'acme' } } })).toEqual(['flow/etl/acme 1']);
    expect(await slots({ flow })).toEqual(['flow/etl/nobody 1']);
  });

  it('cannot be told without the parameter that the key names', async () => {
    const flow = { concurrency: { limit: 1, key: '{{ parameters.customer }}' } };
    expect(await slots({ flow })).toEqual([
      'concurrency.key: {{ parameters.customer }} has no value: the run has no such parameter',
    ]);
  });

  it.each([
    ['runs', ['all/runs 3']],
    ['flow', ['all/flow=etl 3']],
    ['flow=etl', ['all/flow=etl 3']],
    ['flow=other', []],
    ['label', ['all/label=night 3', 'all/label=gpu 3']],
    ['label=gpu', ['all/label=gpu 3']],
    ['label=big', []],
    ['org', ['all/org=acme 3']],
    ['environment=prod', ['all/environment=prod 3']],
    ['environment=test', []],
    ['parameters.customer', ['all/parameters.customer=7 3']],
    ['parameters.customer=7', ['all/parameters.customer=7 3']],
    ['parameters.customer=8', []],
    ['parameters.nobody', []],
    ['etl', ['all/etl 3']],
    ['gpu', ['all/gpu 3']],
    ['warehouse', []],
  ])('under the limit %s of the agent are %j', async (key, expected) => {
    const request = { labels: ['gpu'], org: 'acme', environment: 'prod', parameters: { customer: 7 } };
    expect(await slots({ limits: [{ key, limit: 3 }], request })).toEqual(expected);
  });

  it("are shared by flows whose own keys are one of the agent's words", async () => {
    const flow = { concurrency: { limit: 9, key: 'warehouse' } };
    const limits = [{ key: 'warehouse', limit: 4 }];
    expect(await slots({ flow, limits })).toEqual(['flow/etl/warehouse 9', 'all/warehouse 4']);
  });

  it('are those of the smaller limit where two are about the same', async () => {
    const limits = [
      { key: 'flow', limit: 5 },
      { key: 'flow=etl', limit: 2 },
    ];
    expect(await slots({ limits })).toEqual(['all/flow=etl 2']);
  });

  it('have keys of a bounded length', async () => {
    const limits = [{ key: 'parameters.text', limit: 1 }];
    const [fault] = await slots({ limits, request: { parameters: { text: 'x'.repeat(1_000) } } });
    expect(fault).toContain('more than 500 characters');
  });

  it.each(['color=red', 'parameters', 'parameters.', 'flow=', 'runs=3'])('have no limit like %s', async (key) => {
    const [fault] = await slots({ limits: [{ key, limit: 1 }] });
    expect(fault).toContain('limits.concurrency[0].key has to be a name, or one of runs, flow, label');
  });

  it('are at most as many as their holders fit into one item', async () => {
    expect(await slots({ limits: [{ key: 'flow', limit: 1_001 }] })).toEqual([expect.stringContaining('1000')]);
  });
});
