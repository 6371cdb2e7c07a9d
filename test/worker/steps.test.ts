import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StepRecord } from '../../src/core/run-details.ts';
import { runWorker } from '../../src/worker/run-worker.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { MemoryRunDetails } from '../fakes/memory-run-details.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { processDeps, startingRun, TASK, type TestDeps, until, workerEnv } from './fixtures.ts';

const SDK = join(import.meta.dirname, '../../dist/sdk/index.js');
const ARTIFACT = 's3://acme/artifacts/flow.mjs';
const BUCKET = 's3://acme/slipway';

let files: MemoryFileStore;
let details: MemoryRunDetails;
let scratch: string;
const before = process.env.TMPDIR;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'steps-'));
  process.env.TMPDIR = scratch;
  files = new MemoryFileStore();
  details = new MemoryRunDetails();
});
afterEach(async () => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await rm(scratch, { recursive: true, force: true });
});

interface Attempt {
  readonly number?: number;
  readonly bucket?: string;
  readonly deps?: TestDeps;
}

/** Runs one attempt of the flow `build` makes. Steps say what they do in `marks`, which outlives attempts. */
async function attempt(build: string, { number = 1, bucket = BUCKET, deps = processDeps() }: Attempt = {}) {
  const marks = join(scratch, 'marks');
  await files.put(
    ARTIFACT,
    `import { appendFileSync } from 'node:fs';
     import { flow } from ${JSON.stringify(SDK)};
     const mark = (text) => appendFileSync(${JSON.stringify(marks)}, text + '\\n');
     export default flow('etl', { version: '1' }, (step) => { ${build} });`,
  );
  const store = new MemoryRunStore();
  store.seed(startingRun({ attempt: number }));
  const env = workerEnv({ artifactS3Uri: ARTIFACT, attempt: number, bucket });
  const exitCode = await runWorker(env, TASK, [], { ...deps, store, files, details });
  const run = store.peek('run-1');
  const steps = (await details.steps('run-1')).filter((step) => step.attempt === number);
  return { exitCode, result: run && 'result' in run ? run.result : undefined, steps, deps };
}

function byName(steps: readonly StepRecord[]): Readonly<Record<string, StepRecord | undefined>> {
  return Object.fromEntries(steps.map((step) => [step.step, step]));
}

async function marksOf(): Promise<readonly string[]> {
  const text = await readFile(join(scratch, 'marks'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

const ETL = `
  const rows = step('extract', {}, ({ parameters }) => { mark('extract'); return [1, 2, 3].map((n) => ({ n, by: parameters.name })); });
  const sums = step('double', { mapOver: rows, concurrency: 2 }, ({ item, index }) => { mark('double ' + index); return item.n * 2; });
  return step('load', { inputs: { sums } }, ({ inputs, report, log, attempt }) => {
    log.info('loading', { rows: inputs.sums.length });
    report.materialization('lake/sums', { metadata: { rows: inputs.sums.length }, dataVersion: 'v1' });
    report.check('lake/sums', 'not_empty', true);
    report.message({ free: ['text', 1] });
    report.progress(3, 3, 'done');
    mark('load');
    if (PROBLEM && attempt === 1) throw new RangeError('no room');
    return inputs.sums;
  });`;

describe('a flow of steps in the worker', () => {
  it('has its steps on record, its outputs in the bucket, and its result on the run', async () => {
    const { exitCode, result, steps } = await attempt(`const PROBLEM = false; ${ETL}`);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: [2, 4, 6] });
    expect(steps.map(({ step, status, tries }) => [step, status, tries])).toEqual([
      ['extract', 'SUCCEEDED', 1],
      ['double', 'SUCCEEDED', 3],
      ['load', 'SUCCEEDED', 1],
    ]);
    expect(byName(steps).double?.items).toEqual({ total: 3, done: 3, kept: 0, retries: 0 });
    expect(byName(steps).load?.progress).toEqual({ done: 3, total: 3, text: 'done' });
    expect(files.text(`${BUCKET}/storage/run-1/extract/output.json`)).toBe(
      '[{"n":1,"by":"Ann"},{"n":2,"by":"Ann"},{"n":3,"by":"Ann"}]',
    );
    expect(files.text(`${BUCKET}/storage/run-1/double/items/2.json`)).toBe('6');
  });

  it('has its reports on record, in the words of Dagster Pipes', async () => {
    await attempt(`const PROBLEM = false; ${ETL}`);
    const { reports } = await details.reports('run-1', 10);
    const place = { attempt: 1, step: 'load' };
    expect(reports).toEqual([
      {
        ...place,
        number: 1,
        at: expect.any(Number),
        method: 'report_asset_materialization',
        params: { asset_key: 'lake/sums', metadata: { rows: 3 }, data_version: 'v1' },
      },
      expect.objectContaining({ ...place, number: 2, method: 'report_asset_check' }),
      expect.objectContaining({ ...place, number: 3, params: { payload: { free: ['text', 1] } } }),
    ]);
  });

  it('writes a line for each turn of a step, with run, step, attempt', async () => {
    const { deps } = await attempt(`const PROBLEM = false; ${ETL}`);
    const lines = deps.stdout.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const turns = lines.filter(({ event }) => event.startsWith('step.')).map(({ event, step }) => `${event} ${step}`);
    expect(turns).toEqual([
      'step.started extract',
      'step.finished extract',
      'step.started double',
      'step.finished double',
      'step.started load',
      'step.finished load',
    ]);
    for (const line of lines) expect(line).toMatchObject({ runId: 'run-1', attempt: 1, flow: 'hello' });
    expect(lines.find(({ event }) => event === 'loading')).toMatchObject({ step: 'load', rows: 3 });
  });

  it('goes on, in the next attempt, from the steps that were finished', async () => {
    const first = await attempt(`const PROBLEM = true; ${ETL}`);
    expect(first.exitCode).toBe(1);
    expect(first.result).toMatchObject({ status: 'FAILED', message: 'step load failed: RangeError: no room' });
    const second = await attempt(`const PROBLEM = true; ${ETL}`, { number: 2 });
    expect(second.result).toMatchObject({ status: 'SUCCEEDED', output: [2, 4, 6] });
    expect(await marksOf()).toEqual(['extract', 'double 0', 'double 1', 'double 2', 'load', 'load']);
    expect(second.steps.map(({ status }) => status)).toEqual(['KEPT', 'KEPT', 'SUCCEEDED']);
  });

  it('runs a step again whose output was damaged, or made by other code', async () => {
    await attempt(`const PROBLEM = true; ${ETL}`);
    const uri = `${BUCKET}/storage/run-1/extract/output.json`;
    const { metadata } = (await files.getWithMetadata(uri)) ?? { metadata: {} };
    await files.put(uri, '[]', { metadata });
    await attempt(`const PROBLEM = true; ${ETL}`, { number: 2 });
    expect((await marksOf()).slice(5)).toEqual(['extract', 'load']);
    await attempt(`const PROBLEM = false; ${ETL}`, { number: 3 });
    expect((await marksOf()).slice(7)).toEqual(['extract', 'double 0', 'double 1', 'double 2', 'load']);
  });

  it('keeps the whole stack of a failed step in the bucket, and its head on record', async () => {
    const { result } = await attempt(`const PROBLEM = true; ${ETL}`);
    const s3Uri = `${BUCKET}/exceptions/default/run-1/traceback.txt`;
    expect(result?.traceback).toMatchObject({ s3Uri, head: expect.stringContaining('RangeError: no room') });
    expect(files.text(s3Uri)).toMatch(/^flow hello 1, run run-1, attempt 1\nstep load failed[\s\S]*at .*flow\.mjs/);
  });

  it('tells of tries that failed and were mended', async () => {
    const { steps, result } = await attempt(`
      let tries = 0;
      return step('flaky', { retries: { max: 2, delay: '1ms' } }, () => { if (++tries < 3) throw new Error('try ' + tries); return tries; });`);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 3 });
    expect(steps).toEqual([expect.objectContaining({ step: 'flaky', status: 'SUCCEEDED', tries: 3 })]);
    expect(steps[0]).not.toHaveProperty('error');
  });

  it('is given time to tidy when it is stopped, and its open steps are INTERRUPTED', async () => {
    const deps = processDeps();
    const running = attempt(
      `return step('long', {}, async ({ signal, log }) => {
         log.info('ready');
         const up = setInterval(() => {}, 1000);
         await new Promise((resolve) => signal.addEventListener('abort', resolve));
         clearInterval(up);
         mark('tidied');
         throw signal.reason;
       });`,
      { deps },
    );
    await until(() => deps.stdout.text.includes('ready'));
    deps.stopping.ask();
    const { exitCode, steps, result } = await running;
    expect(exitCode).toBe(143);
    expect(result).toMatchObject({ status: 'FAILED', message: 'interrupted by SIGTERM before it had ended' });
    expect(steps).toEqual([expect.objectContaining({ step: 'long', status: 'INTERRUPTED' })]);
    expect(await marksOf()).toEqual(['tidied']);
  });

  it('fails a step whose output cannot be kept as it is, and says so to its author', async () => {
    const { result } = await attempt(`return step('dates', {}, () => ({ when: new Date(0) }));`);
    expect(result).toMatchObject({
      status: 'FAILED',
      message: expect.stringMatching(/step dates failed: .*"when" is a Date/),
    });
  });

  it('runs without a bucket, and says that nothing can be taken up', async () => {
    const deps = processDeps();
    const store = new MemoryRunStore();
    store.seed(startingRun());
    await files.put(
      ARTIFACT,
      `import { flow } from ${JSON.stringify(SDK)};
      export default flow('x', { version: '1' }, (step) => step('one', {}, () => 1));`,
    );
    expect(await runWorker(workerEnv({ artifactS3Uri: ARTIFACT }), TASK, [], { ...deps, store, files, details })).toBe(
      0,
    );
    expect([...files.files.keys()]).toEqual([ARTIFACT]);
  });

  it('does not fail with its records: they are written when the table is back', async () => {
    let refused = 0;
    details.onWrite = () => {
      refused += 1;
      if (refused < 3) throw new Error('throttled');
    };
    const { exitCode, steps } = await attempt(`const PROBLEM = false; ${ETL}`);
    expect(exitCode).toBe(0);
    expect(steps.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
  });
});
