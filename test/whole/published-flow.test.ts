import { resolve } from 'node:path';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3Client } from '../../src/aws/create-s3-client.ts';
import { S3FileStore } from '../../src/aws/s3-file-store.ts';
import { readEnv } from '../../src/cli/env.ts';
import { runInProcess } from '../cli/cli-in-process.ts';
import { emptyFolder, type Folder, type RunningCli, startCli } from '../cli/cli-process.ts';

let folder: Folder;
let dev: RunningCli;

beforeAll(async () => {
  folder = await emptyFolder();
  dev = startCli(['dev', '--ephemeral', '--config', resolve('config/agent.yaml')], { cwd: folder.path });
  await dev.until('Ready.');
});
afterAll(async () => {
  dev.child.kill('SIGKILL');
  await dev.ended();
  await folder.remove();
});

/** A command line in the folder of `slipway dev`, which has to succeed; what it printed. */
async function slipway(...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runInProcess(argv, { cwd: folder.path, env: readEnv({ USER: 'ada' }) });
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

/** The keys below a prefix of the bucket of `slipway dev`, and what is in one of them. */
function bucket() {
  const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(dev.output.stdout)?.[1] ?? '';
  const s3 = createS3Client({ region: 'us-east-1', endpoint });
  return {
    keys: async (prefix: string) => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'slipway', Prefix: prefix }));
      return Contents.map(({ Key = '' }) => Key.slice(prefix.length));
    },
    json: async (key: string): Promise<unknown> => {
      const bytes = await new S3FileStore(s3).get(`s3://slipway/${key}`);
      return JSON.parse(Buffer.from(bytes ?? '').toString('utf8'));
    },
  };
}

describe('a flow of steps that is built, published and asked for through the queue', () => {
  let runId = '';
  let log = '';

  it('runs to its end', async () => {
    const data = resolve('config/flows/etl/countries.csv');
    await slipway('flows', 'build', resolve('config/flows/largest.mjs'), '--include', data, '-o', 'largest.zip');
    await slipway('flows', 'publish', 'largest.zip');
    log = await slipway('run', 'largest', '-p', 'top=20', '--watch');
    const run = JSON.parse(await slipway('runs', 'get', 'largest@last', '-o', 'json'));
    runId = run.runId;
    expect(run).toMatchObject({
      status: 'SUCCEEDED',
      flowVersion: '1.0.0',
      output: { countries: 20, first: { name: 'India' } },
    });
  });

  it('shows its steps: the retried one, and the one with twenty elements', async () => {
    const steps = JSON.parse(await slipway('runs', 'steps', runId, '-o', 'json'));
    expect(steps).toMatchObject([
      { step: 'extract', status: 'SUCCEEDED', tries: 1 },
      { step: 'clean', status: 'SUCCEEDED', tries: 1 },
      { step: 'select', status: 'SUCCEEDED', tries: 1 },
      { step: 'compare', status: 'SUCCEEDED', tries: 20, items: { total: 20, done: 20 } },
      { step: 'report', status: 'SUCCEEDED', tries: 2 },
    ]);
  });

  it('has kept the output of every step and element in the bucket', async () => {
    const { keys, json } = bucket();
    const found = await keys(`storage/${runId}/`);
    const elements = Array.from({ length: 20 }, (_, index) => `compare/items/${index}.json`);
    const outputs = ['extract', 'clean', 'select', 'compare', 'report'].map((step) => `${step}/output.json`);
    expect(found.sort()).toEqual([...elements, ...outputs].sort());
    expect(await json(`storage/${runId}/compare/items/0.json`)).toMatchObject({ name: 'India', continent: 'Asia' });
  });

  it('shows what it reported, and its log', async () => {
    const reports = await slipway('runs', 'reports', runId);
    expect(reports).toContain('largest countries');
    expect(reports).toContain('most rows are of use');
    for (const printed of [log, await slipway('logs', runId)]) {
      expect(printed).toContain('India: 30.1 % of the people of Asia');
      expect(printed).toContain('stumbled, as it was told to');
    }
  });
});
