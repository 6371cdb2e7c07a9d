import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runWorker } from '../../src/worker/run-worker.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { MemoryRunDetails } from '../fakes/memory-run-details.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { hastyClock, NOW, processDeps, startingRun, TASK, until, workerEnv } from './fixtures.ts';

let store: MemoryRunStore;
let files: MemoryFileStore;
let details: MemoryRunDetails;
let scratch: string;
const before = process.env.TMPDIR;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'run-worker-'));
  process.env.TMPDIR = scratch;
  store = new MemoryRunStore();
  store.seed(startingRun());
  files = new MemoryFileStore();
  details = new MemoryRunDetails();
});
afterEach(async () => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await rm(scratch, { recursive: true, force: true });
});

function depsOf() {
  return { ...processDeps(), store, files, details };
}

function resultOnRecord() {
  const run = store.peek('run-1');
  return run && 'result' in run ? run.result : undefined;
}

const ARTIFACT = 's3://acme/artifacts/flow.mjs';

describe('the worker', () => {
  it('runs a flow with its parameters and records what it returned', async () => {
    await files.put(ARTIFACT, 'export default ({ parameters }) => ({ hello: parameters.name })');
    const deps = depsOf();
    expect(await runWorker(workerEnv({ artifactS3Uri: ARTIFACT }), TASK, [], deps)).toBe(0);
    expect(resultOnRecord()).toMatchObject({ status: 'SUCCEEDED', exitCode: 0, output: { hello: 'Ann' } });
    expect(await readdir(scratch)).toEqual([]);
  });

  it('runs a command and mirrors its exit code', async () => {
    expect(await runWorker(workerEnv(), TASK, ['sh', '-c', 'exit 42'], depsOf())).toBe(42);
    expect(resultOnRecord()).toMatchObject({ status: 'FAILED', exitCode: 42 });
  });

  it('keeps the values of secrets out of what a failure leaves behind', async () => {
    process.env.CANARY_LOGIN = 'hunter2-hunter2';
    const { intent } = startingRun();
    store = new MemoryRunStore();
    store.seed(startingRun({ intent: { ...intent, secretNames: ['CANARY_LOGIN'] } }));
    await files.put(ARTIFACT, 'export default () => { throw new Error("denied: " + process.env.CANARY_LOGIN); }');
    const deps = depsOf();
    await runWorker(workerEnv({ artifactS3Uri: ARTIFACT, bucket: 's3://acme' }), TASK, [], deps);
    delete process.env.CANARY_LOGIN;
    expect(resultOnRecord()).toMatchObject({ message: 'Error: denied: ***' });
    for (const text of [
      JSON.stringify(resultOnRecord()),
      deps.stderr.text,
      files.text('s3://acme/exceptions/default/run-1/traceback.txt'),
    ]) {
      expect(text).toContain('denied: ***');
      expect(text).not.toContain('hunter2');
    }
  });

  it('runs nothing, and exits with 0, when another task has the attempt', async () => {
    const deps = depsOf();
    await runWorker(workerEnv(), `${TASK}-twin`, ['true'], depsOf());
    expect(await runWorker(workerEnv(), TASK, ['echo', 'user code'], deps)).toBe(0);
    expect(deps.stdout.text).toBe('');
  });

  it('runs nothing, and exits with 75, while the store is away', async () => {
    store.onCall = () => {
      throw new Error('away');
    };
    const deps = depsOf();
    expect(await runWorker(workerEnv(), TASK, ['echo', 'user code'], { ...deps, clock: hastyClock() })).toBe(75);
    expect(deps.stdout.text).toBe('');
  });

  it('runs nothing, and exits with 78, when the run is not in its table', async () => {
    expect(await runWorker(workerEnv({ runId: 'other' }), TASK, ['true'], depsOf())).toBe(78);
  });

  it('records why a flow could not even be started', async () => {
    expect(await runWorker(workerEnv({ artifactS3Uri: ARTIFACT }), TASK, [], depsOf())).toBe(1);
    expect(resultOnRecord()).toMatchObject({ status: 'FAILED', message: `${ARTIFACT} (the artifact) does not exist` });
  });

  it('records that there is nothing to run', async () => {
    expect(await runWorker(workerEnv(), TASK, [], depsOf())).toBe(1);
    expect(resultOnRecord()).toMatchObject({ message: expect.stringContaining('neither an artifact nor a command') });
  });

  it('is cancelled with its run: signal, record, 143', async () => {
    const deps = depsOf();
    const running = runWorker(workerEnv(), TASK, ['sh', '-c', 'echo ready; exec sleep 25'], deps);
    await until(() => deps.stdout.text.includes('ready'));
    const run = store.peek('run-1');
    if (run) store.seed({ ...run, version: run.version + 1, cancel: { by: 'ann', reason: 'wrong date', at: NOW } });
    deps.stopping.ask();
    expect(await running).toBe(143);
    expect(resultOnRecord()).toMatchObject({ status: 'CANCELLED', exitCode: 143 });
  });

  it('puts an output that is too large for the record into the bucket', async () => {
    await files.put(ARTIFACT, `export default () => 'x'.repeat(300 * 1024)`);
    const env = workerEnv({ artifactS3Uri: ARTIFACT, bucket: 's3://acme/slipway' });
    expect(await runWorker(env, TASK, [], depsOf())).toBe(0);
    const s3Uri = 's3://acme/slipway/results/run-1/1.json';
    expect(resultOnRecord()).toMatchObject({ status: 'SUCCEEDED', output: { s3Uri } });
    expect(files.files.get(s3Uri)).toHaveLength(300 * 1024 + 2);
  });

  it('does not call a success what it cannot keep', async () => {
    await files.put(ARTIFACT, `export default () => 'x'.repeat(300 * 1024)`);
    expect(await runWorker(workerEnv({ artifactS3Uri: ARTIFACT }), TASK, [], depsOf())).toBe(1);
    expect(resultOnRecord()).toMatchObject({ status: 'FAILED', message: expect.stringContaining('no bucket') });
  });

  it('puts even a smaller output into the bucket when the rest of the record is large', async () => {
    const run = startingRun();
    const request = { ...run.request, parameters: { text: 'x'.repeat(200 * 1024) } };
    store.seed({ ...run, request });
    await files.put(ARTIFACT, `export default () => 'x'.repeat(200 * 1024)`);
    const env = workerEnv({ artifactS3Uri: ARTIFACT, bucket: 's3://acme' });
    expect(await runWorker(env, TASK, [], depsOf())).toBe(0);
    expect(resultOnRecord()).toMatchObject({ output: { s3Uri: 's3://acme/results/run-1/1.json' } });
  });
});
