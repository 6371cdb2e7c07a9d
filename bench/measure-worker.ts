import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createDocumentClient, createDynamoDbClient } from '../src/aws/create-dynamodb-client.ts';
import { createS3Client } from '../src/aws/create-s3-client.ts';
import { DynamoRunStore } from '../src/aws/dynamo-run-store.ts';
import { S3FileStore } from '../src/aws/s3-file-store.ts';
import type { RunStore } from '../src/core/run-store.ts';
import { benchEnv } from './env.ts';
import { type Figure, percentile } from './figure.ts';
import { launchedRun } from './launched-run.ts';
import { openStage, type Stage } from './local-stage.ts';

/** As in Dockerfile.worker. */
const WORKER_FLAGS = ['--max-semi-space-size=2', '--max-old-space-size=64'];
const STARTS = 21;
const ITEMS = 10_000;
const TASK = 'arn:aws:ecs:us-east-1:123456789012:task/main/0123456789abcdef0123456789abcdef';

/** Says when user code began. */
const HELLO = 'export default () => Date.now();';

/**
 * Many small elements; then the most memory that its own process, and the worker's, have held (proc(5), `VmHWM`). Node's own
 * program is in memory once for both: the pages of files (`RssFile`) count for one.
 */
const MAPPED = `
import { readFileSync } from 'node:fs';
import { flow } from 'slipway/sdk';
const said = (pid, name) => Number(readFileSync('/proc/' + pid + '/status', 'utf8').split(name + ':')[1].trim().split(' ')[0]);
export default flow('mapped', { version: '1' }, (step) => {
  const items = step('list', {}, () => Array.from({ length: ${ITEMS} }, (_, n) => ({ n, text: 'element ' + n })));
  const mapped = step('map', { mapOver: items, concurrency: 16 }, ({ item }) => ({ ...item, square: item.n ** 2 }));
  return step('measure', { inputs: { mapped } }, ({ inputs }) => ({
    items: inputs.mapped.length, flowKb: said('self', 'VmHWM') - said('self', 'RssFile'), workerKb: said(process.ppid, 'VmHWM') }));
});`;

/** The worker as a container runs it: how soon it comes to user code, and what ten thousand elements take. */
export async function measureWorker(): Promise<readonly Figure[]> {
  const stage = await openStage();
  const metadata = createServer((_request, response) => response.end(JSON.stringify({ TaskARN: TASK })));
  metadata.listen(0, '127.0.0.1');
  await once(metadata, 'listening');
  const client = createDynamoDbClient({ region: 'us-east-1', endpoint: stage.aws.url });
  const bench = new WorkerBench(stage, new DynamoRunStore(createDocumentClient(client), 'slipway'), portOf(metadata));
  try {
    return await figuresOf(bench);
  } finally {
    metadata.closeAllConnections();
    metadata.close();
    client.destroy();
    await stage.stop();
  }
}

async function figuresOf(bench: WorkerBench): Promise<readonly Figure[]> {
  const starts: number[] = [];
  for (let i = 0; i < STARTS; i += 1) {
    const { startedAt, output } = await bench.run('hello', HELLO);
    starts.push(Number(output) - startedAt);
  }
  const { output, seconds } = await bench.run('mapped', MAPPED);
  const { items, flowKb, workerKb } = Object(output);
  if (items !== ITEMS) throw new Error(`the flow of the bench mapped ${items} elements`);
  const mega = (kb: number) => kb / 1024;
  return [
    { name: 'worker: process start to user code, p50', value: percentile(starts, 0.5), unit: 'ms', aim: '≤ 300' },
    { name: 'worker: process start to user code, p95', value: percentile(starts, 0.95), unit: 'ms', aim: '' },
    {
      name: `${ITEMS} mapped elements: memory of worker and flow`,
      value: mega(flowKb + workerKb),
      unit: 'MB',
      aim: '≤ 200',
    },
    { name: `${ITEMS} mapped elements: of these the flow`, value: mega(flowKb), unit: 'MB', aim: '' },
    { name: `${ITEMS} mapped elements, each kept in S3`, value: seconds, unit: 's', aim: '' },
  ];
}

class WorkerBench {
  readonly #stage: Stage;
  readonly #store: RunStore;
  readonly #metadataPort: number;
  #count = 0;

  constructor(stage: Stage, store: RunStore, metadataPort: number) {
    this.#stage = stage;
    this.#store = store;
    this.#metadataPort = metadataPort;
  }

  /** Runs a module as a run of its own. */
  async run(flow: string, module: string) {
    this.#count += 1;
    const runId = `bench-${this.#count}`;
    const { url } = this.#stage.aws;
    const artifact = `s3://slipway/artifacts/${flow}.mjs`;
    const s3 = createS3Client({ region: 'us-east-1', endpoint: url });
    await new S3FileStore(s3).put(artifact, module);
    s3.destroy();
    await this.#launch(runId);
    const startedAt = Date.now();
    const worker = spawn(process.execPath, [...WORKER_FLAGS, 'dist/worker/main.js'], {
      env: {
        ...benchEnv(),
        AWS_ENDPOINT_URL: url,
        ECS_CONTAINER_METADATA_URI_V4: `http://127.0.0.1:${this.#metadataPort}/v4/x`,
        SLIPWAY_RUN_ID: runId,
        SLIPWAY_ATTEMPT: '1',
        SLIPWAY_FLOW: flow,
        SLIPWAY_FLOW_VERSION: '1',
        SLIPWAY_ORG: 'default',
        SLIPWAY_PARAMETERS: '{}',
        SLIPWAY_TABLE: 'slipway',
        SLIPWAY_BUCKET: 's3://slipway/bench',
        SLIPWAY_ARTIFACT_S3_URI: artifact,
        SLIPWAY_LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [exitCode] = await once(worker, 'exit');
    const run = await this.#store.get(runId);
    if (exitCode !== 0 || run?.status !== 'RUNNING') throw new Error(`the worker of the bench exited with ${exitCode}`);
    return { startedAt, output: run.result?.output, seconds: (Date.now() - startedAt) / 1000 };
  }

  async #launch(runId: string): Promise<void> {
    const { queued, launching } = launchedRun(runId);
    await this.#store.accept(queued);
    await this.#store.move(queued, launching);
  }
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
