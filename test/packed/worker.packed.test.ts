import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { createS3Client } from '../../src/aws/create-s3-client.ts';
import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { S3FileStore } from '../../src/aws/s3-file-store.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { queuedRun } from '../fakes/runs.ts';
import { NOW, startingRun, TASK } from '../worker/fixtures.ts';
import { imitateImage } from './imitate-image.ts';

const ROOT = join(import.meta.dirname, '../..');
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

const FLOW = `
import { flow } from 'slipway/sdk';
export default flow('packed', { version: '1' }, (step) => {
  const rows = step('rows', {}, () => [1, 2, 3]);
  return step('sum', { inputs: { rows } }, ({ inputs }) => inputs.rows.reduce((a, b) => a + b));
});`;

let folder: string;
let aws: LocalAws;
let dynamoDb: DynamoDBClient;
let s3: S3Client;
let metadata: Server;
const before = { ...process.env };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-packed-'));
  Object.assign(process.env, CREDENTIALS);
  aws = await startLocalAws();
  const options = { region: 'us-east-1', endpoint: aws.url };
  dynamoDb = createDynamoDbClient(options);
  s3 = createS3Client(options);
  await dynamoDb.send(new CreateTableCommand(tableSchema('slipway')));
  await waitUntilTableExists({ client: dynamoDb, minDelay: 1, maxWaitTime: 30 }, { TableName: 'slipway' });
  await s3.send(new CreateBucketCommand({ Bucket: 'slipway' }));
  metadata = createServer((_request, response) => response.end(JSON.stringify({ TaskARN: TASK })));
  metadata.listen(0, '127.0.0.1');
  await once(metadata, 'listening');
});

afterAll(async () => {
  metadata.closeAllConnections();
  metadata.close();
  dynamoDb.destroy();
  s3.destroy();
  await aws.stop();
  for (const name of Object.keys(CREDENTIALS)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
  await rm(folder, { recursive: true, force: true });
});

describe("the worker's image", () => {
  it('is what Dockerfile.worker makes of a checkout: small, without packages to install, and runs a flow of steps', async () => {
    const { root, entryPoint } = await imitateImage(ROOT, 'Dockerfile.worker', folder);
    const [node, ...args] = entryPoint.slice(entryPoint.indexOf('node'));
    expect(node).toBe('node');
    expect((await readdir(join(root, 'slipway'))).sort()).toEqual(['LICENSE', 'dist', 'package.json']);
    expect((await readdir(join(root, 'slipway/dist'))).sort()).toEqual(['sdk', 'worker']);

    const store = new DynamoRunStore(createDocumentClient(dynamoDb), 'slipway');
    const queued = queuedRun({ runId: 'packed-1' });
    const lease = { owner: 'a', instance: 'i', epoch: 1, until: NOW };
    await store.accept(queued);
    await store.move(queued, {
      ...queued,
      version: 2,
      status: 'LAUNCHING',
      placement: 0,
      lease,
      intent: startingRun().intent,
    });
    await new S3FileStore(s3).put('s3://slipway/artifacts/packed.mjs', FLOW);

    const work = join(root, 'work');
    const address = metadata.address();
    const worker = spawn(
      process.execPath,
      args.map((arg) => (arg.startsWith('/') ? join(root, arg) : arg)),
      {
        cwd: work,
        env: {
          PATH: process.env.PATH,
          ...CREDENTIALS,
          NODE_ENV: 'production',
          TMPDIR: work,
          AWS_REGION: 'us-east-1',
          AWS_ENDPOINT_URL: aws.url,
          ECS_CONTAINER_METADATA_URI_V4: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v4/x`,
          SLIPWAY_RUN_ID: 'packed-1',
          SLIPWAY_ATTEMPT: '1',
          SLIPWAY_FLOW: 'packed',
          SLIPWAY_FLOW_VERSION: '1',
          SLIPWAY_ORG: 'default',
          SLIPWAY_PARAMETERS: '{}',
          SLIPWAY_TABLE: 'slipway',
          SLIPWAY_BUCKET: 's3://slipway/prefix',
          SLIPWAY_ARTIFACT_S3_URI: 's3://slipway/artifacts/packed.mjs',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(worker.stdout),
      text(worker.stderr),
      once(worker, 'exit'),
    ]);
    expect(exitCode, stdout + stderr).toBe(0);
    const ended = await store.get('packed-1');
    expect(ended && 'result' in ended ? ended.result : undefined).toMatchObject({ status: 'SUCCEEDED', output: 6 });
    expect(await readdir(work)).toEqual([]);
  });
});
