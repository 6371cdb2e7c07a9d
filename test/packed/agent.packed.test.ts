import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';
import { imitateImage } from './imitate-image.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

let folder: string;
let aws: LocalAws;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-packed-'));
  aws = await startLocalAws();
});

afterAll(async () => {
  await aws.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("the agent's image", () => {
  it('is what Dockerfile.agent makes of a checkout, sets up AWS, and starts an agent that ends when it is told to', async () => {
    const { root, entryPoint, environment } = await imitateImage(ROOT, 'Dockerfile.agent', folder);
    expect(await readdir(join(root, 'slipway/node_modules'))).not.toContain('vitest');
    const command = entryPoint.slice(entryPoint.indexOf('node') + 1);
    const args = command.map((arg) => (arg.startsWith('/') ? join(root, arg) : arg));
    const slipway = (...more: readonly string[]) =>
      run(process.execPath, [...args, ...more], {
        cwd: join(root, 'tmp'),
        env: {
          PATH: process.env.PATH,
          ...environment,
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
          AWS_REGION: 'us-east-1',
          AWS_ENDPOINT_URL: aws.url,
          SLIPWAY_TABLE: 'slipway',
          SLIPWAY_BUCKET: 's3://slipway',
          SLIPWAY_QUEUE_URL: `${aws.url}/000000000000/requests`,
        },
      });
    expect((await slipway('setup')).stdout).toMatch(/table +slipway +created/);
    const { stdout } = await slipway('agent', 'start', '--flows', 's3://slipway/flows', '--max-polls', '1');
    expect(stdout).toContain('agent.started');
  });
});
