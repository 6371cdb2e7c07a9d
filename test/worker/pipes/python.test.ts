import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3Client } from '../../../src/aws/create-s3-client.ts';
import { S3FileStore } from '../../../src/aws/s3-file-store.ts';
import type { RunReport } from '../../../src/core/run-details.ts';
import { type LocalAws, startLocalAws } from '../../../src/local/start-local-aws.ts';
import { runWorker } from '../../../src/worker/run-worker.ts';
import { MemoryRunDetails } from '../../fakes/memory-run-details.ts';
import { MemoryRunStore } from '../../fakes/memory-run-store.ts';
import { processDeps, startingRun, TASK, workerEnv } from '../fixtures.ts';
import { pipesPython } from './pipes-python.ts';

const client = await pipesPython();
if ('missing' in client)
  process.stderr.write(`The tests with Python's client of Dagster Pipes are left out: ${client.missing}\n`);
const python = 'python' in client ? client.python : '';

const PROGRAM = join(import.meta.dirname, 'every_method.py');
const VARIABLES = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'us-east-1' };

let aws: LocalAws;
let s3: S3Client;
let scratch: string;
const before = { ...process.env };
beforeAll(async () => {
  aws = await startLocalAws();
  scratch = await mkdtemp(join(tmpdir(), 'pipes-python-'));
  Object.assign(process.env, VARIABLES, { AWS_ENDPOINT_URL: aws.url, TMPDIR: scratch });
  s3 = createS3Client({ region: 'us-east-1', endpoint: aws.url });
  await s3.send(new CreateBucketCommand({ Bucket: 'slipway' }));
});
afterAll(async () => {
  for (const name of [...Object.keys(VARIABLES), 'AWS_ENDPOINT_URL', 'TMPDIR'])
    Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
  s3.destroy();
  await aws.stop();
  await rm(scratch, { recursive: true, force: true });
});

let count = 0;

/** Runs Python as a run's command, in a run of its own. */
async function runPython(...args: readonly string[]) {
  const [store, details, deps] = [new MemoryRunStore(), new MemoryRunDetails(), processDeps()];
  count += 1;
  const runId = `run-${count}`;
  store.seed(startingRun({ runId }));
  const files = new S3FileStore(s3);
  const env = workerEnv({ bucket: 's3://slipway/prefix', runId });
  const exitCode = await runWorker(env, TASK, [python, ...args], { ...deps, store, details, files });
  const run = store.peek(runId);
  const { reports } = await details.reports(runId, 1_000);
  return {
    runId,
    exitCode,
    reports,
    result: run && 'result' in run ? run.result : undefined,
    files,
    stdout: deps.stdout.text,
  };
}

/** What the client says, message by message; the text of the streams comes in pieces of its own liking. */
const saidIn = (run: string) => [
  { method: 'opened', params: { extras: {} } },
  { method: 'log', params: { message: "the context is {'name': 'Ann'}", level: 'WARNING' } },
  { method: 'report_custom_message', params: { payload: { run, job: 'hello', retry: 0, is_asset: false } } },
  {
    method: 'report_asset_materialization',
    params: {
      asset_key: 'lake/countries',
      data_version: 'v7',
      metadata: {
        rows: { raw_value: 20, type: '__infer__' },
        path: { raw_value: 's3://lake/countries', type: 'path' },
      },
    },
  },
  {
    method: 'report_asset_check',
    params: {
      asset_key: 'lake/countries',
      check_name: 'not_empty',
      passed: false,
      severity: 'WARN',
      metadata: { rows: { raw_value: 20, type: '__infer__' } },
    },
  },
];

function saidBy(reports: readonly RunReport[]) {
  return reports
    .filter(({ method }) => method !== 'log_external_stream')
    .map(({ method, params }) => ({ method, params }));
}

describe.skipIf(python === '')("Python's client of Dagster Pipes", () => {
  it.each(['file', 'stdout', 's3'])('has all of its seven messages recorded as it sends them, over %s', async (way) => {
    const { runId, exitCode, reports } = await runPython(PROGRAM, way, 'ends');
    expect(exitCode).toBe(0);
    expect(saidBy(reports)).toEqual([...saidIn(runId), { method: 'closed', params: {} }]);
    expect(reports.map(({ number }) => number)).toEqual(reports.map((_, index) => index + 1));
    // Over its output the client would capture its own messages.
    if (way === 'stdout') return;
    const streamed = reports.filter(({ method }) => method === 'log_external_stream');
    expect(streamed.map(({ params }) => JSON.stringify(params)).join()).toContain('hello from the child');
  });

  it('has the exception that it closes with in the reason, and whole in the bucket', async () => {
    const { runId, exitCode, reports, result, files } = await runPython(PROGRAM, 'file', 'fails');
    expect(exitCode).toBe(1);
    expect(reports.at(-1)).toMatchObject({
      method: 'closed',
      params: { exception: { name: 'ValueError', message: expect.stringContaining('bad date') } },
    });
    const s3Uri = `s3://slipway/prefix/exceptions/default/${runId}/traceback.txt`;
    expect(result).toMatchObject({
      status: 'FAILED',
      message: expect.stringMatching(/exited with 1: ValueError: bad date$/),
      traceback: { s3Uri, head: expect.stringContaining('in fail') },
    });
    const text = Buffer.from((await files.get(s3Uri)) ?? []).toString();
    expect(text).toContain("caused by KeyError: 'rows'");
  });

  it('shows what it logs over a file as lines of the run', async () => {
    const { runId, stdout } = await runPython(PROGRAM, 'file', 'ends');
    const lines = stdout.split('\n').filter((line) => line.includes('pipes.log'));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'warn', runId, attempt: 1, message: "the context is {'name': 'Ann'}" }),
    ]);
  });
});
