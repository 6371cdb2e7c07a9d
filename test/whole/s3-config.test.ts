import { CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createS3Client } from '../../src/aws/create-s3-client.ts';
import type { LocalAws } from '../../src/local/start-local-aws.ts';
import { emptyFolder, type Folder, type RunningCli, runCliProcess, startCli } from '../cli/cli-process.ts';
import { localEnv, startServer } from '../cli/local-server.ts';

const CONFIG = 's3://conf/prod/agent.yaml';
const TEMPLATE = 'containerDefinitions: [{ name: flow, image: busybox, command: [sh, -c, "exit 0"] }]\n';

let aws: LocalAws;
let s3: S3Client;
let folder: Folder;
let agent: RunningCli;

beforeEach(async () => {
  aws = await startServer();
  folder = await emptyFolder();
  s3 = createS3Client({ region: 'us-east-1', endpoint: aws.url });
  await s3.send(new CreateBucketCommand({ Bucket: 'conf' }));
  await put(
    'agent.yaml',
    [
      'table: runs',
      'bucket: s3://conf/files',
      'flows: s3://conf/prod/flows',
      `queues: [{ url: "${aws.url}/000000000000/requests" }]`,
      'ecs: { taskDefinition: ./td.yaml, network: { subnets: [subnet-1] } }',
      '',
    ].join('\n'),
  );
  await put('td.yaml', TEMPLATE);
  await put('flows/etl.yaml', 'flow: etl\n');
  expect((await slipway('setup', '--config', CONFIG)).exitCode).toBe(0);
  agent = startCli(['agent', 'start', '--config', CONFIG], { cwd: folder.path, env: localEnv(aws) });
  await agent.until('agent.started');
});
afterEach(async () => {
  agent.child.kill('SIGTERM');
  await agent.ended();
  s3.destroy();
  await aws.stop();
  await folder.remove();
});

async function put(name: string, Body: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: 'conf', Key: `prod/${name}`, Body }));
}

function slipway(...args: string[]) {
  return runCliProcess(args, { cwd: folder.path, env: localEnv(aws) });
}

const watched = () => slipway('run', 'etl', '--watch', '--config', CONFIG);

describe('an agent whose configuration is in S3', () => {
  it('reads changed templates on SIGHUP, and keeps the last good one where the new one is bad', async () => {
    expect((await watched()).exitCode).toBe(0);

    await put('td.yaml', TEMPLATE.replace('exit 0', 'exit 3'));
    agent.child.kill('SIGHUP');
    await agent.until('config.reloaded');
    expect((await watched()).exitCode).toBe(6);

    await put('td.yaml', 'containerDefinitions: [{ nam: flow }]\n');
    agent.child.kill('SIGHUP');
    await agent.until('config.rejected');
    const { fault } = agent.output.stdout
      .split('\n')
      .filter((line) => line.includes('config.rejected'))
      .map((line) => JSON.parse(line))[0];
    expect(fault).toBe('s3://conf/prod/td.yaml:1:26 unknown key "nam"; did you mean "name"?');
    expect((await watched()).exitCode).toBe(6);
  });
});
