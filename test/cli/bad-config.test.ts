import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalAws } from '../../src/local/start-local-aws.ts';
import { emptyFolder, type Folder, runCliProcess } from './cli-process.ts';
import { denied, localEnv, startServer } from './local-server.ts';

const FLOW = 'flow: hello\nrunConfig:\n  image: busybox\n  command: [echo, hi]\n';
const AGENT = [
  'table: slipway',
  'queues:',
  '  - url: http://127.0.0.1:1/000000000000/slipway',
  'ecs:',
  '  network: { subnets: [subnet-1] }',
  '',
].join('\n');

let aws: LocalAws;
let folder: Folder;

beforeAll(async () => {
  aws = await startServer();
});
afterAll(() => aws.stop());

beforeEach(async () => {
  folder = await emptyFolder();
  await folder.write('agent.yaml', AGENT);
  await folder.write('flows/hello.yaml', FLOW);
});
afterEach(async () => {
  aws.faults.clear();
  await folder.remove();
});

const render = (...args: string[]) =>
  runCliProcess(['render', 'hello', ...args], { cwd: folder.path, env: localEnv(aws) });
const agent = (...args: string[]) =>
  runCliProcess(['agent', 'start', ...args], { cwd: folder.path, env: localEnv(aws) });

describe('a configuration with faults', () => {
  it.each([
    { what: 'an unknown key', text: `${AGENT}clutser: x\n`, says: 'agent.yaml:6:1 unknown key "clutser"' },
    { what: 'a wrong type', text: AGENT.replace('slipway', '[1]'), says: 'agent.yaml:1:8 table has to be text' },
    { what: 'no YAML', text: 'table: [\n', says: 'agent.yaml:' },
    {
      what: 'a template that is not there',
      text: AGENT.replace('ecs:\n', 'ecs:\n  taskDefinition: nowhere.yaml\n'),
      says: 'agent.yaml:5:19 "nowhere.yaml" does not exist',
    },
  ])('with $what is told with line and column, and not launched', async ({ text, says }) => {
    await folder.write('agent.yaml', text);
    const rendered = await render();
    expect(rendered.stderr).toContain(says);
    expect(rendered.stderr).toContain('1 fault in the configuration');
    expect(rendered.stderr).not.toMatch(/\n\s+at /);
    expect(rendered).toMatchObject({ exitCode: 3, stdout: '' });
    const started = await agent();
    expect(started.stderr).toContain(says);
    expect(started).toMatchObject({ exitCode: 78, stdout: '' });
  });

  it('tells all faults at once', async () => {
    await folder.write('agent.yaml', `${AGENT}clutser: x\nlogLevel: loud\n`);
    const { stderr } = await render();
    expect(stderr).toContain('agent.yaml:6:1');
    expect(stderr).toContain('agent.yaml:7:11');
    expect(stderr).toContain('2 faults in the configuration');
  });

  it('is told where the faulty flow is the one that is asked for, and only warned of otherwise', async () => {
    await folder.write('flows/other.yaml', 'flow: other\nrunConfig:\n  cpuu: 256\n');
    const good = await render();
    expect(good.exitCode).toBe(0);
    expect(good.stderr).toContain('warning: flows/other.yaml:3:3 unknown key "cpuu"; did you mean "cpu"?');
    const bad = await runCliProcess(['render', 'other'], { cwd: folder.path, env: localEnv(aws) });
    expect(bad.exitCode).toBe(3);
    expect(bad.stderr).toContain('flows/other.yaml:3:3 unknown key "cpuu"');
  });

  it('without a queue or a table is nothing for an agent', async () => {
    await folder.write('agent.yaml', 'flows: flows\n');
    const started = await agent();
    expect(started.exitCode).toBe(78);
    expect(started.stderr).toContain('no queue to take run requests from; set queues, or --queue-url');
    expect(started.stderr).toContain('no table to keep the runs in; set table, or --table');
  });

  it('without a region anywhere is the end of an agent, also where its agent.yaml is in S3', async () => {
    for (const config of ['agent.yaml', 's3://any-bucket/agent.yaml']) {
      const started = await runCliProcess(['agent', 'start', '--config', config], {
        cwd: folder.path,
        env: { HOME: folder.path },
      });
      expect(started).toMatchObject({ exitCode: 78, stdout: '' });
      expect(started.stderr).toContain('no AWS region is named');
      expect(started.stderr).toContain('set AWS_REGION');
    }
  });

  it('that is a folder is said to be one', async () => {
    const path = join(folder.path, 'flows');
    const rendered = await render('--config', path);
    expect(rendered.exitCode).toBe(3);
    expect(rendered.stderr).toContain('flows is a folder, not a file');
    expect((await agent('--config', path)).exitCode).toBe(78);
  });

  it('names a flag that has a wrong value', async () => {
    const started = await agent('--log-level', 'loud');
    expect(started.exitCode).toBe(78);
    expect(started.stderr).toMatch(/--log-level .*loud/);
  });
});

describe('a configuration in S3', () => {
  it('that is not there is exit code 3', async () => {
    const { exitCode, stderr } = await render('--config', 's3://nobodys-bucket/agent.yaml');
    expect(stderr).toContain('s3://nobodys-bucket/agent.yaml does not exist');
    expect(exitCode).toBe(3);
  });

  it('that may not be read is exit code 4, with the words of AWS', async () => {
    aws.faults.add({ operation: 's3.GetObject', fault: { ...denied('s3:GetObject'), name: 'AccessDenied' } });
    const { exitCode, stderr } = await render('--config', 's3://somebodys-bucket/agent.yaml');
    expect(stderr).toContain('s3://somebodys-bucket/agent.yaml may not be read');
    expect(stderr).toContain('is not authorized to perform: s3:GetObject');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(exitCode).toBe(4);
  });

  it('whose place does not answer is exit code 4', async () => {
    const nowhere = { ...localEnv(aws), AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    const args = ['--config', 's3://any-bucket/agent.yaml'];
    const rendered = await runCliProcess(['render', 'hello', ...args], { cwd: folder.path, env: nowhere });
    expect(rendered.exitCode).toBe(4);
    expect(rendered.stderr).toContain('ECONNREFUSED');
  });
});

describe('slipway render', () => {
  it('prints the two requests as they would be sent, without a call to AWS', async () => {
    const before = new Map(aws.faults.counts());
    const { exitCode, stdout, stderr } = await render();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const requests = JSON.parse(stdout);
    expect(Object.keys(requests)).toEqual(['registerTaskDefinition', 'taskDefinitionArn', 'runTask']);
    expect(requests.registerTaskDefinition.containerDefinitions[0]).toMatchObject({
      name: 'flow',
      image: 'busybox',
      command: ['echo', 'hi'],
    });
    expect(requests.taskDefinitionArn).toBeNull();
    expect(requests.runTask).toMatchObject({ startedBy: 'slipway/preview/1', launchType: 'FARGATE' });
    expect(aws.faults.counts()).toEqual(before);
  });

  it('takes the request from stdin, and the environment from the flag', async () => {
    await folder.write('agent.yaml', `${AGENT}environments: { prod: { runConfig: { env: { STAGE: prod } } } }\n`);
    const request = JSON.stringify({ runId: 'r1', runConfig: { cpu: 512 }, parameters: { a: 1 } });
    const options = { cwd: folder.path, env: localEnv(aws), input: request };
    const { stdout } = await runCliProcess(['render', 'hello', '--request', '-', '--environment', 'prod'], options);
    const { registerTaskDefinition, runTask } = JSON.parse(stdout);
    expect(registerTaskDefinition.containerDefinitions[0].environment).toEqual([{ name: 'STAGE', value: 'prod' }]);
    expect(runTask).toMatchObject({ startedBy: 'slipway/r1/1', overrides: { cpu: '512' } });
  });

  it('works with flows and flags alone', async () => {
    const bare = await emptyFolder();
    try {
      const flows = `${folder.path}/flows`;
      const args = ['render', 'hello', '--flows', flows, '--launch-type', 'ec2', '-o', 'yaml'];
      const { exitCode, stdout } = await runCliProcess(args, { cwd: bare.path });
      expect(exitCode).toBe(0);
      expect(stdout).toContain('launchType: EC2');
    } finally {
      await bare.remove();
    }
  });

  it('says which flow was probably meant, with exit code 5', async () => {
    const { exitCode, stderr } = await runCliProcess(['render', 'helo'], { cwd: folder.path, env: localEnv(aws) });
    expect(stderr).toContain('there is no flow "helo"; did you mean "hello"?');
    expect(exitCode).toBe(5);
  });

  it.each([
    { request: '{"flow": "hello", "runConfigg": {}}', says: 'unknown key "runConfigg"; did you mean "runConfig"?' },
    { request: '{"flow": "other"}', says: 'the request is for the flow "other", not for "hello"' },
    { request: '[1]', says: 'the request is not a JSON object' },
    { request: '{"flow": ', says: 'is not JSON' },
    { request: '{"runConfig": {"image": "evil"}}', says: 'image' },
  ])('refuses the request $request', async ({ request, says }) => {
    await folder.write('request.json', request);
    const { exitCode, stderr } = await render('--request', 'request.json');
    expect(stderr).toContain(says);
    expect(exitCode).toBe(3);
  });
});
