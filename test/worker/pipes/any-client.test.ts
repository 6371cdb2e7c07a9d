import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runWorker } from '../../../src/worker/run-worker.ts';
import { MemoryFileStore } from '../../fakes/memory-file-store.ts';
import { MemoryRunDetails } from '../../fakes/memory-run-details.ts';
import { MemoryRunStore } from '../../fakes/memory-run-store.ts';
import { processDeps, startingRun, TASK, workerEnv } from '../fixtures.ts';

let files: MemoryFileStore;
let scratch: string;
const before = process.env.TMPDIR;
beforeEach(async () => {
  files = new MemoryFileStore();
  scratch = await mkdtemp(join(tmpdir(), 'pipes-'));
  process.env.TMPDIR = scratch;
});
afterEach(async () => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await rm(scratch, { recursive: true, force: true });
});

/** A client of a few lines: `say` writes a message to the file, `line` any text. */
const CLIENT = `
  const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
  const { inflateSync } = require('node:zlib');
  const params = (name) => JSON.parse(inflateSync(Buffer.from(process.env['DAGSTER_PIPES_' + name], 'base64')));
  const message = (method, params) => JSON.stringify({ __dagster_pipes_version: '0.1', method, params });
  const line = (text) => appendFileSync(params('MESSAGES').path, text);
  const say = (method, params) => line(message(method, params) + '\\n');
`;

async function run(program: string, bucket = 's3://acme/slipway') {
  const [store, details, deps] = [new MemoryRunStore(), new MemoryRunDetails(), processDeps()];
  store.seed(startingRun());
  const argv = [process.execPath, '-e', CLIENT + program];
  const exitCode = await runWorker(workerEnv(bucket === '' ? {} : { bucket }), TASK, argv, {
    ...deps,
    store,
    details,
    files,
  });
  const run = store.peek('run-1');
  const { reports } = await details.reports('run-1', 1_000);
  const said = reports.map(({ method, params }) => ({ method, params }));
  return { exitCode, said, result: run && 'result' in run ? run.result : undefined, deps };
}

const opened = { method: 'opened', params: { extras: {} } };

describe('a program that speaks Dagster Pipes', () => {
  it('finds its context as base64 of zlib of JSON: run, try, and the parameters as extras', async () => {
    const { said } = await run(
      `say('report_custom_message', { payload: JSON.parse(readFileSync(params('CONTEXT').path)) })`,
    );
    expect(said).toEqual([
      {
        method: 'report_custom_message',
        params: {
          payload: {
            asset_keys: null,
            code_version_by_asset_key: null,
            provenance_by_asset_key: null,
            partition_key: null,
            partition_key_range: null,
            partition_time_window: null,
            run_id: 'run-1',
            job_name: 'hello',
            retry_number: 0,
            extras: { name: 'Ann' },
          },
        },
      },
    ]);
  });

  it('is offered a place in S3, and read from there', async () => {
    const prefix = 's3://acme/slipway/pipes/run-1/1';
    const line = (method: string) => JSON.stringify({ __dagster_pipes_version: '0.1', method, params: {} });
    await files.put(`${prefix}/1.json`, `${line('opened')}\n${line('log')}`);
    await files.put(`${prefix}/2.json`, '');
    await files.put(`${prefix}/3.json`, line('closed'));
    const { said, deps } = await run(`console.log(JSON.stringify(params('MESSAGES')))`);
    expect(JSON.parse(deps.stdout.text.split('\n')[0] ?? '')).toMatchObject({
      bucket: 'acme',
      key_prefix: 'slipway/pipes/run-1/1',
    });
    expect(said.map(({ method }) => method)).toEqual(['opened', 'log', 'closed']);
  });

  it('keeps the variables that the image or the run has set itself', async () => {
    process.env.DAGSTER_PIPES_MESSAGES = 'given';
    try {
      const { deps } = await run('console.log(process.env.DAGSTER_PIPES_MESSAGES)');
      expect(deps.stdout.text).toBe('given\n');
    } finally {
      delete process.env.DAGSTER_PIPES_MESSAGES;
    }
  });

  it('may die without a word: what it had said stays', async () => {
    const { said, result } = await run(
      `say('opened', { extras: {} }); line('{"__dagster_pipes_version": "0.1", "meth'); process.kill(process.pid, 'SIGKILL')`,
    );
    expect(said).toEqual([opened]);
    expect(result).toMatchObject({ status: 'FAILED', exitCode: 137 });
  });

  it('may write garbage between its messages, over a file and over its output', async () => {
    const { said, exitCode } = await run(`
      line('not a message\\n\\n{"a":1}\\n[1]\\n{"__dagster_pipes_version": 7}\\n' + '\\0\\xff'.repeat(1000) + '\\n');
      say('opened', { extras: {} });
      line('{'.repeat(100000) + '\\n');
      console.log('{"broken"');
      console.log(message('log', { message: 'from stdout', level: 'INFO' }));
      console.error(message('log', { message: 'from stderr', level: 'INFO' }));
      writeFileSync(params('MESSAGES').path, '');
      say('closed', {});`);
    expect(exitCode).toBe(0);
    const text = JSON.stringify(said);
    expect(text).toContain('from stdout');
    expect(text).toContain('from stderr');
    expect(said.map(({ method }) => method).filter((method) => method !== 'log')).toContain('closed');
  });

  it('may send a megabyte in one line: the record says where it is', async () => {
    const { said } = await run(`
      say('report_custom_message', { payload: 'x'.repeat(1024 * 1024) });
      console.log(message('report_custom_message', { payload: 'y'.repeat(1024 * 1024) }));
      line('z'.repeat(6 * 1024 * 1024) + '\\n');
      say('closed', {});`);
    expect(said).toHaveLength(3);
    const large = said.filter(({ method }) => method === 'report_custom_message');
    const kept = large.map(({ params }) => String(JSON.parse(JSON.stringify(params)).s3Uri));
    const texts = kept.map((uri) => JSON.parse(files.text(uri) ?? '{}').payload?.[0]);
    expect(texts.sort()).toEqual(['x', 'y']);
  });

  it('is told of too large a report that there is nowhere to put it', async () => {
    const { said } = await run(`say('report_custom_message', { payload: 'x'.repeat(100 * 1024) })`, '');
    expect(said).toEqual([
      {
        method: 'report_custom_message',
        params: { leftOut: expect.stringContaining('no bucket'), bytes: expect.any(Number) },
      },
    ]);
  });

  it('fails by its exit code, not by the exception it reports', async () => {
    const exception = { message: 'ValueError: bad', stack: [], name: 'ValueError', cause: null, context: null };
    const { exitCode, result } = await run(`say('closed', ${JSON.stringify({ exception })})`);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({ status: 'SUCCEEDED' });
  });
});
