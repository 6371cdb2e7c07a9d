import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWorker } from '../../src/worker/run-worker.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { MemoryRunDetails } from '../fakes/memory-run-details.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { processDeps, startingRun, TASK, workerEnv } from '../worker/fixtures.ts';
import { pipesPython } from '../worker/pipes/pipes-python.ts';

const client = await pipesPython();
if ('missing' in client) process.stderr.write(`The Python of docs/pipes.md is left out: ${client.missing}\n`);
const python = 'python' in client ? client.python : '';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'docs-pipes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(python === '')('docs/pipes.md', () => {
  it('shows a Python program that reports what it says', async () => {
    const page = await readFile(join(import.meta.dirname, '../../docs/pipes.md'), 'utf8');
    const program = /```python\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    await writeFile(join(folder, 'load.py'), program);
    const [store, details, deps] = [new MemoryRunStore(), new MemoryRunDetails(), processDeps()];
    store.seed(startingRun());
    const env = workerEnv({ parameters: { kind: 'inline', values: { day: '2026-10-01' } } });
    const command = [python, join(folder, 'load.py')];
    const ended = await runWorker(env, TASK, command, { ...deps, store, details, files: new MemoryFileStore() });
    expect(ended, deps.stderr.text).toBe(0);
    const { reports } = await details.reports('run-1', 100);
    expect(reports.map(({ method }) => method)).toEqual([
      'opened',
      'log',
      'report_asset_materialization',
      'report_asset_check',
      'report_custom_message',
      'closed',
    ]);
    expect(reports[1]?.params).toMatchObject({ message: 'loading 2026-10-01, try 1 of run run-1' });
    expect(reports[4]?.params).toEqual({ payload: { largest: 'Japan' } });
  });
});
