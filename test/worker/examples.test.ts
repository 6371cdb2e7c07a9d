import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packArtifact } from '../../src/agent/pack-artifact.ts';
import { formatFault } from '../../src/core/fault.ts';
import { ok } from '../../src/core/result.ts';
import type { SourceReader } from '../../src/core/source-reader.ts';
import { planRun } from '../../src/templates/plan-run.ts';
import { fileSourceReader } from '../../src/templates/read-file-source.ts';
import { loadWorkspace, type Workspace } from '../../src/templates/workspace.ts';
import { runRequest } from '../fakes/runs.ts';

const CONFIG = resolve(import.meta.dirname, '../../config');
const AGENT = join(CONFIG, 'agent.yaml');
const FILES = ['agent.yaml', 'task-definition.yaml', 'run-task-kwargs.yaml', ...flowFiles()];

function flowFiles(): string[] {
  return readdirSync(join(CONFIG, 'flows'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `flows/${name}`);
}

/** The examples as they stand, or with another text in one of the files. */
async function workspaceOf(file?: string, text?: string): Promise<Workspace> {
  const reader: SourceReader = {
    list: fileSourceReader.list,
    realPath: fileSourceReader.realPath,
    read: async (ref, etag) => {
      if (file === undefined || resolve(ref) !== join(CONFIG, file)) return fileSourceReader.read(ref, etag);
      return ok({ ref, bytes: Buffer.from(text ?? ''), etag: 'changed' });
    },
  };
  const loaded = await loadWorkspace({ configRef: AGENT, settings: {}, reader, hostName: 'host' });
  if (!loaded.ok) throw new Error(loaded.error.map(formatFault).join('\n'));
  expect(loaded.value.flowFaults.map(formatFault)).toEqual([]);
  return loaded.value;
}

function planOf(workspace: Workspace, flow: string) {
  const plan = planRun(workspace, { request: runRequest({ flow }), runId: 'r', attempt: 1, placement: 0 });
  if (!plan.ok) throw new Error(plan.error.map(formatFault).join('\n'));
  return plan.value;
}

interface Block {
  readonly title: string;
  readonly text: string;
}

/** The file with one of its commented-out keys brought to life, for each of them. */
function revivals(file: string): Block[] {
  const lines = readFileSync(join(CONFIG, file), 'utf8').split('\n');
  const starts = lines.flatMap((line, at) => (isKey(line) && !isKey(lines[at - 1] ?? '') ? [at] : []));
  return starts.map((start) => {
    const length = lines.slice(start).findIndex((line) => !/^\s*#/.test(line));
    const live = lines.slice(start, start + length).map((line) => line.replace(/^(\s*)# /, '$1'));
    const isChoice = live.some((line) => line.includes('capacityProviderStrategy'));
    const others = [...lines.slice(0, start), ...live, ...lines.slice(start + length)];
    const text = others.filter((line) => !(isChoice && /^\s*launchType:/.test(line))).join('\n');
    return { title: `${file}:${start + 1} ${live[0]?.trim()}`, text };
  });
}

function isKey(line: string): boolean {
  return /^\s*# +(?:- \{ )?(?:- )?[A-Za-z]+:(?: |$)/.test(line);
}

describe('the example configuration', () => {
  it('makes a launch plan of every flow, without a fault', async () => {
    const workspace = await workspaceOf();
    expect([...workspace.flows.keys()].sort()).toEqual([
      'disk-report',
      'etl',
      'failing',
      'heartbeat',
      'hello',
      'program',
      'slow',
    ]);
    for (const name of workspace.flows.keys()) {
      const { worker, definition } = planOf(workspace, name);
      expect(definition.kind).toBe('register');
      expect(worker, name).toBe(name !== 'disk-report');
    }
  });

  it('has code for every flow that names some, and it can be packed', async () => {
    const { flows } = await workspaceOf();
    const artifacts = [...flows.values()].flatMap(({ artifact }) =>
      artifact?.kind === 'local' ? [artifact.path] : [],
    );
    expect(artifacts).toHaveLength(5);
    for (const path of artifacts) expect(await packArtifact(path), path).toMatchObject({ ok: true });
  });

  const blocks = FILES.flatMap((file) => revivals(file).map((block) => ({ ...block, file })));

  it('shows more keys than it uses', () => {
    expect(blocks.length).toBeGreaterThan(25);
  });

  it.each(blocks)('is still right with $title', async ({ file, text }) => {
    const workspace = await workspaceOf(file, text);
    for (const name of workspace.flows.keys()) planOf(workspace, name);
  });
});
