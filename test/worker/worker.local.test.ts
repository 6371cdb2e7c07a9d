import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { packArtifact } from '../../src/agent/pack-artifact.ts';
import { createDocumentClient, createDynamoDbClient } from '../../src/aws/create-dynamodb-client.ts';
import { createS3Client } from '../../src/aws/create-s3-client.ts';
import { DynamoRunDetails } from '../../src/aws/dynamo-run-details.ts';
import { DynamoRunStore } from '../../src/aws/dynamo-run-store.ts';
import { S3FileStore } from '../../src/aws/s3-file-store.ts';
import { tableSchema } from '../../src/aws/table-schema.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { queuedRun } from '../fakes/runs.ts';
import { NOW, startingRun, TASK } from './fixtures.ts';

const ROOT = join(import.meta.dirname, '../..');
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

let aws: LocalAws;
let dynamoDb: DynamoDBClient;
let s3: S3Client;
let store: DynamoRunStore;
let metadata: Server;
const children = new Set<ChildProcess>();
const before = { ...process.env };

beforeAll(async () => {
  Object.assign(process.env, CREDENTIALS);
  aws = await startLocalAws();
  const options = { region: 'us-east-1', endpoint: aws.url };
  dynamoDb = createDynamoDbClient(options);
  s3 = createS3Client(options);
  await dynamoDb.send(new CreateTableCommand(tableSchema('slipway')));
  await waitUntilTableExists({ client: dynamoDb, minDelay: 1, maxWaitTime: 30 }, { TableName: 'slipway' });
  await s3.send(new CreateBucketCommand({ Bucket: 'slipway' }));
  store = new DynamoRunStore(createDocumentClient(dynamoDb), 'slipway');
  metadata = createServer((_request, response) => response.end(JSON.stringify({ TaskARN: TASK })));
  metadata.listen(0, '127.0.0.1');
  await once(metadata, 'listening');
});

afterEach(() => {
  for (const { exitCode, signalCode, pid = 0 } of children) {
    if (exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  }
  children.clear();
});

afterAll(async () => {
  metadata.closeAllConnections();
  metadata.close();
  dynamoDb.destroy();
  s3.destroy();
  await aws.stop();
  for (const name of Object.keys(CREDENTIALS)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
});

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'worker-local-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

let count = 0;

/** A run that has been launched. */
async function launchedRun(): Promise<string> {
  count += 1;
  const runId = `run-${count}`;
  const queued = queuedRun({ runId });
  await store.accept(queued);
  const lease = { owner: 'a', instance: 'i', epoch: 1, until: NOW };
  const { intent } = startingRun();
  const facts = { ...queued, version: 2, status: 'LAUNCHING', placement: 0, lease, intent } as const;
  await store.move(queued, facts);
  return runId;
}

function start(runId: string, args: readonly string[], over: Readonly<Record<string, string>> = {}) {
  const address = metadata.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const child = spawn(process.execPath, [join(ROOT, 'dist/worker/main.js'), ...args], {
    env: {
      PATH: process.env.PATH,
      ...CREDENTIALS,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: aws.url,
      ECS_CONTAINER_METADATA_URI_V4: `http://127.0.0.1:${port}/v4/x`,
      SLIPWAY_RUN_ID: runId,
      SLIPWAY_ATTEMPT: '1',
      SLIPWAY_FLOW: 'hello',
      SLIPWAY_FLOW_VERSION: '1',
      SLIPWAY_ORG: 'default',
      SLIPWAY_PARAMETERS: '{"name":"Ann","top":2,"units":"metric"}',
      SLIPWAY_TABLE: 'slipway',
      SLIPWAY_BUCKET: 's3://slipway/prefix',
      ...over,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  children.add(child);
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]).then(
    ([stdout, stderr, [exitCode]]) => ({ stdout, stderr, exitCode: Number(exitCode) }),
  );
  return { child, ended };
}

/** The example flow, packed and uploaded as the agent does it. */
async function uploaded(example: string): Promise<Record<string, string>> {
  const packed = await packArtifact(join(ROOT, 'config/flows', example));
  if (!packed.ok) throw new Error(packed.error.message);
  const uri = `s3://slipway/artifacts/${packed.value.sha256}/${packed.value.fileName}`;
  await new S3FileStore(s3).put(uri, packed.value.bytes);
  return { SLIPWAY_ARTIFACT_S3_URI: uri };
}

/** A flow of three steps, each of which kills its worker, and with it itself, where `DIE_IN` names it. */
async function uploadedFlow(marks: string): Promise<Record<string, string>> {
  const module = `
    import { appendFileSync } from 'node:fs';
    import { flow } from 'slipway/sdk';
    const mark = (text) => appendFileSync(${JSON.stringify(marks)}, process.env.SLIPWAY_ATTEMPT + ' ' + text + '\\n');
    const body = (name) => async () => {
      mark(name + ' begins');
      if (process.env.DIE_IN === name) {
        process.kill(process.ppid, 'SIGKILL');
        await new Promise((resolve) => setTimeout(resolve, 600_000));
      }
      mark(name + ' ends');
      return name;
    };
    export default flow('three', { version: '1' }, (step) => {
      const first = step('first', {}, body('first'));
      const middle = step('middle', { inputs: { first } }, body('middle'));
      return step('last', { inputs: { middle } }, body('last'));
    });`;
  await new S3FileStore(s3).put('s3://slipway/artifacts/three.mjs', module);
  return { SLIPWAY_ARTIFACT_S3_URI: 's3://slipway/artifacts/three.mjs' };
}

/** What an agent does when a worker has ended without a word. */
async function nextAttempt(runId: string): Promise<void> {
  const run = await store.get(runId);
  if (run?.status !== 'RUNNING') throw new Error(`the run is ${run?.status}`);
  const { startedAt: _1, claim: _2, task: _3, ...facts } = run;
  const lease = { owner: 'a', instance: 'i', epoch: 1, until: NOW };
  const queued = { ...queuedRun({ runId }), version: run.version + 1, attempt: run.attempt + 1 };
  await store.move(run, queued);
  await store.move(queued, {
    ...facts,
    version: run.version + 2,
    attempt: run.attempt + 1,
    status: 'LAUNCHING',
    placement: 0,
    lease,
  });
}

async function resultOf(runId: string) {
  const run = await store.get(runId);
  return run && 'result' in run ? run.result : undefined;
}

describe('the built worker', () => {
  it('runs the hello example and leaves nothing but JSON lines', async () => {
    const runId = await launchedRun();
    const { stdout, stderr, exitCode } = await start(runId, [], await uploaded('hello.mjs')).ended;
    expect(stderr + stdout, `exit ${exitCode}`).toContain('Hello, Ann!');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ level: 'info', event: 'Hello, Ann!', runId, attempt: 1 });
    const events = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(events).toEqual(['worker.claimed', 'worker.succeeded']);
    expect(await resultOf(runId)).toMatchObject({ status: 'SUCCEEDED', output: { greeting: 'Hello, Ann!', runId } });
  });

  it('runs the ETL example from its zip, over its data', async () => {
    const runId = await launchedRun();
    const { stdout, exitCode } = await start(runId, [], await uploaded('etl')).ended;
    expect(exitCode, stdout).toBe(0);
    const steps = stdout
      .trimEnd()
      .split('\n')
      .flatMap((line) => JSON.parse(line).step ?? []);
    expect([...new Set(steps)]).toEqual(['extract', 'clean', 'continents', 'aggregate', 'report']);
    const result = await resultOf(runId);
    expect(result?.output).toMatchObject({
      countries: 233,
      dropped: expect.arrayContaining([{ name: 'France', why: 'twice in the table' }]),
      continents: [{ continent: 'Asia', largest: ['India', 'China'] }, { continent: 'Africa' }, {}, {}, {}, {}],
    });
  });

  it('mirrors the failure of the failing example', async () => {
    const runId = await launchedRun();
    const { stderr, exitCode } = await start(runId, [], await uploaded('failing.mjs')).ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Error: there are no orders of 31 February');
    expect(await resultOf(runId)).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('Error: there are no orders of 31 February'),
    });
  });

  it('runs a command, with the variables of the run', async () => {
    const runId = await launchedRun();
    const { stdout, exitCode } = await start(runId, ['sh', '-c', 'echo $SLIPWAY_RUN_ID; exit 9']).ended;
    expect({ stdout, exitCode }).toEqual({ stdout: `${runId}\n`, exitCode: 9 });
    expect(await resultOf(runId)).toMatchObject({ status: 'FAILED', exitCode: 9 });
  });

  it('runs nothing when it is started twice', async () => {
    const runId = await launchedRun();
    const both = await Promise.all([
      start(runId, ['echo', 'user code']).ended,
      start(runId, ['echo', 'user code']).ended,
    ]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(both.map(({ stdout }) => stdout).sort()).toEqual(['', 'user code\n']);
  });

  it('ends the slow example in good order when its whole process group is told to stop', async () => {
    const runId = await launchedRun();
    const worker = start(runId, [], { ...(await uploaded('slow.mjs')), SLIPWAY_PARAMETERS: '{"seconds":600}' });
    await once(worker.child.stdout, 'data');
    const run = await store.get(runId);
    if (run?.status !== 'RUNNING') throw new Error(`the run is ${run?.status}`);
    await store.move(run, { ...run, version: run.version + 1, cancel: { by: 'ann', reason: 'too slow', at: NOW } });
    // As local AWS does it: worker and flow hear of it at the same time, in no certain order.
    process.kill(-(worker.child.pid ?? 0), 'SIGTERM');
    const { exitCode, stdout } = await worker.ended;
    expect(exitCode).toBe(143);
    expect(stdout).toContain('stopped early');
    expect(await resultOf(runId)).toMatchObject({ status: 'CANCELLED', message: 'cancelled by ann: too slow' });
  });

  it('is killed in any step, and the next attempt goes on: what was finished does not run again', async () => {
    const runId = await launchedRun();
    const marks = join(scratch, 'marks');
    const artifact = await uploadedFlow(marks);
    for (const [attempt, step] of [
      [1, 'first'],
      [2, 'middle'],
      [3, 'last'],
    ] as const) {
      const worker = start(runId, [], { ...artifact, SLIPWAY_ATTEMPT: String(attempt), DIE_IN: step });
      await worker.ended;
      await nextAttempt(runId);
    }
    const { exitCode } = await start(runId, [], { ...artifact, SLIPWAY_ATTEMPT: '4' }).ended;
    expect(exitCode).toBe(0);
    const done = (await readFile(marks, 'utf8')).trim().split('\n');
    expect(done).toEqual([
      ...['1 first begins', '2 first begins', '2 first ends'],
      ...['2 middle begins', '3 middle begins', '3 middle ends'],
      ...['3 last begins', '4 last begins', '4 last ends'],
    ]);
    const steps = await new DynamoRunDetails(createDocumentClient(dynamoDb), 'slipway').steps(runId);
    expect(steps.filter(({ attempt }) => attempt === 4).map(({ status }) => status)).toEqual([
      'KEPT',
      'KEPT',
      'SUCCEEDED',
    ]);
  });

  it('says in one line what is wrong with its variables, and exits with 78', async () => {
    const { stderr, exitCode } = await start('run-1', [], { SLIPWAY_ATTEMPT: 'one' }).ended;
    expect({ stderr, exitCode }).toEqual({
      stderr: 'slipway-worker: SLIPWAY_ATTEMPT has to be a number from 1: one\n',
      exitCode: 78,
    });
  });

  it('says so when the table is not there, and exits with 78', async () => {
    const { stderr, exitCode } = await start(await launchedRun(), ['true'], { SLIPWAY_TABLE: 'nothere' }).ended;
    expect(exitCode).toBe(78);
    expect(stderr).toContain('ResourceNotFoundException');
  });
});
