import { describe, expect, it } from 'vitest';
import { formatFault } from '../../src/core/fault.ts';
import { err } from '../../src/core/result.ts';
import type { SourceReader } from '../../src/core/source-reader.ts';
import { findFlow, loadWorkspace, type Workspace } from '../../src/templates/workspace.ts';
import { memorySource } from './memory-source.ts';

const FILES = {
  'agent.yaml': { table: 'slipway', ecs: { taskDefinition: './td.yaml', network: { subnets: ['subnet-a'] } } },
  'td.yaml': { containerDefinitions: [{ name: 'flow', image: 'etl:1' }] },
  'flows/a.yaml': { flow: 'a', version: '1' },
  'flows/b.yaml': { flow: 'b', version: '1', runConfig: { taskDefinition: '../templates/b.yaml' } },
  'flows/notes.txt': 'not a flow',
  'templates/b.yaml': { containerDefinitions: [{ name: 'flow', image: 'b:1' }] },
};

const load = (reader: SourceReader) =>
  loadWorkspace({ configRef: 'agent.yaml', settings: {}, reader, hostName: 'host' });

async function loaded(files: Record<string, unknown>): Promise<Workspace> {
  const workspace = await load(memorySource(files));
  if (!workspace.ok) throw new Error(workspace.error.map((fault) => formatFault(fault)).join('\n'));
  return workspace.value;
}

/** A reader that counts what it parses anew. */
function counted(reader: SourceReader): SourceReader & { readonly fresh: string[] } {
  const fresh: string[] = [];
  return {
    fresh,
    list: reader.list,
    realPath: reader.realPath,
    async read(ref, etag) {
      const source = await reader.read(ref, etag);
      if (source.ok && source.value !== 'unchanged') fresh.push(ref);
      return source;
    },
  };
}

describe('a workspace', () => {
  it('has the agent, the flows of its folder and the templates that they name', async () => {
    const workspace = await loaded(FILES);
    expect([...workspace.flows.keys()]).toEqual(['a', 'b']);
    expect([...workspace.templates.keys()].sort()).toEqual(['td.yaml', 'templates/b.yaml']);
    expect([...workspace.sources.keys()].sort()).toEqual([
      'agent.yaml',
      'flows/a.yaml',
      'flows/b.yaml',
      'td.yaml',
      'templates/b.yaml',
    ]);
    expect(workspace.agent.name).toBe('host');
  });

  it('leaves out a flow with faults, and keeps the others', async () => {
    const workspace = await loaded({ ...FILES, 'flows/b.yaml': { flow: 'b', runConfig: { imgae: 'x' } } });
    expect([...workspace.flows.keys()]).toEqual(['a']);
    expect(workspace.flowFaults.map((fault) => formatFault(fault))).toEqual([
      'flows/b.yaml:4:5 unknown key "imgae"; did you mean "image"?',
    ]);
    expect(findFlow(workspace, 'b')).toEqual(err(workspace.flowFaults));
  });

  it('is not made from an agent.yaml with faults, nor from one whose template has some', async () => {
    const bad = await load(memorySource({ ...FILES, 'agent.yaml': { tabel: 'slipway', lables: [] } }));
    expect(bad.ok ? [] : bad.error.map(({ message }) => message)).toEqual([
      'unknown key "tabel"',
      'unknown key "lables"',
    ]);
    const template = await load(memorySource({ ...FILES, 'td.yaml': '{}' }));
    expect(template.ok).toBe(false);
  });

  it('tells the faults of all files at once when agent.yaml has some', async () => {
    const files = {
      ...FILES,
      'agent.yaml': { tabel: 'slipway', flows: './flows', ecs: { taskDefinition: './td.yaml' } },
      'td.yaml': { containerDefinitions: [{ nam: 'flow' }] },
      'flows/b.yaml': { flow: 'b', runConfig: { imgae: 'x' } },
    };
    const bad = await load(memorySource(files));
    expect(bad.ok ? [] : bad.error.map(({ message }) => message)).toEqual([
      'unknown key "tabel"',
      'unknown key "nam"',
      'unknown key "imgae"',
    ]);
  });

  it('refuses two flows of one name', async () => {
    const workspace = await loaded({ ...FILES, 'flows/c.yaml': { flow: 'a' } });
    expect(workspace.flowFaults.map((fault) => formatFault(fault))).toEqual([
      'flows/c.yaml:2:11 the flow "a" is there already: flows/a.yaml:2:11',
    ]);
  });

  it('needs no agent.yaml where flags say everything', async () => {
    const reader = memorySource({ 'flows/a.yaml': { flow: 'a' } });
    const settings = {
      flows: { value: './flows', origin: '--flows' },
      table: { value: 'runs', origin: 'SLIPWAY_TABLE' },
    };
    const workspace = await loadWorkspace({ settings, reader, hostName: 'host' });
    expect(workspace).toMatchObject({ ok: true, value: { agent: { table: 'runs' } } });
  });

  it('has its flows beside agent.yaml where nobody says it, whatever a flag says besides', async () => {
    const settings = { 'ecs.cluster': { value: 'main', origin: '--cluster' } };
    const reader = memorySource({ 'conf/agent.yaml': { table: 'slipway' }, 'conf/flows/a.yaml': { flow: 'a' } });
    const workspace = await loadWorkspace({ configRef: 'conf/agent.yaml', settings, reader, hostName: 'host' });
    expect(workspace).toMatchObject({ ok: true, value: { agent: { flows: 'conf/flows' } } });
  });

  it('reads flows and templates from S3, paths relative to the document that names them', async () => {
    const workspace = await loaded({
      'agent.yaml': { flows: 's3://bucket/flows', ecs: { network: { subnets: ['a'] } } },
      's3://bucket/flows/a.yaml': { flow: 'a', runConfig: { taskDefinition: 'templates/a.yaml' }, artifact: 'a.zip' },
      's3://bucket/flows/templates/a.yaml': { containerDefinitions: [{ name: 'flow', image: 'a:1' }] },
    });
    expect([...workspace.templates.keys()]).toEqual(['s3://bucket/flows/templates/a.yaml']);
    expect(workspace.flows.get('a')?.artifact).toEqual({ kind: 's3', uri: 's3://bucket/flows/a.zip' });
  });
});

describe('a reload', () => {
  it('reads and parses only what has changed', async () => {
    const files: Record<string, unknown> = { ...FILES };
    const reader = counted(memorySource(files));
    const before = await load(reader);
    if (!before.ok) throw new Error('is good');
    reader.fresh.length = 0;
    files['flows/a.yaml'] = { flow: 'a', version: '2' };
    const after = await before.value.reload();
    expect(reader.fresh).toEqual(['flows/a.yaml']);
    expect(after.ok && after.value.flows.get('a')?.version).toBe('2');
    expect(after.ok && after.value.flows.get('b')).toBe(before.value.flows.get('b'));
    expect(before.value.flows.get('a')?.version).toBe('1');
  });

  it('sees new flows, and forgets those whose file is gone', async () => {
    const files: Record<string, unknown> = { ...FILES };
    const workspace = await load(memorySource(files));
    files['flows/c.yaml'] = { flow: 'c' };
    delete files['flows/a.yaml'];
    const after = workspace.ok ? await workspace.value.reload() : workspace;
    expect(after.ok && [...after.value.flows.keys()]).toEqual(['b', 'c']);
  });

  it('keeps a flow as it was while its file, or its template, has faults', async () => {
    const files: Record<string, unknown> = { ...FILES };
    const workspace = await load(memorySource(files));
    files['flows/a.yaml'] = 'flow: a\nflow: a\n';
    files['templates/b.yaml'] = '{}';
    const after = workspace.ok ? await workspace.value.reload() : workspace;
    if (!after.ok) throw new Error('is kept');
    expect(after.value.flows.get('a')?.version).toBe('1');
    expect(after.value.templates.get('templates/b.yaml')).toBeDefined();
    expect(after.value.flowFaults).toHaveLength(2);
    const again = await after.value.reload();
    expect(again.ok && again.value.flows.get('a')?.version).toBe('1');
  });

  it('fails, and leaves the workspace as it was, when agent.yaml turns bad or the folder of flows is away', async () => {
    const files: Record<string, unknown> = { ...FILES };
    let away = false;
    const memory = memorySource(files);
    const list: SourceReader['list'] = async (ref, endings) =>
      away ? err({ ref, problem: 'unavailable', evidence: 'SlowDown' }) : memory.list(ref, endings);
    const workspace = await load({ ...memory, list });
    if (!workspace.ok) throw new Error('is good');
    away = true;
    const gone = await workspace.value.reload();
    expect(gone.ok ? [] : gone.error.map(({ message, hint }) => `${message}: ${hint}`)).toEqual([
      'the folder of flows "flows" cannot be read now: SlowDown',
    ]);
    away = false;
    files['agent.yaml'] = 'tabel: x';
    expect((await workspace.value.reload()).ok).toBe(false);
    expect(workspace.value.agent.table).toBe('slipway');
  });
});
