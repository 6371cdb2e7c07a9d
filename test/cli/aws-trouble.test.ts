import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAws } from '../../src/local/start-local-aws.ts';
import { emptyFolder, type Folder, runCliProcess, startCli } from './cli-process.ts';
import { denied, localEnv, startServer } from './local-server.ts';

let aws: LocalAws;
let folder: Folder;

beforeAll(async () => {
  aws = await startServer();
  folder = await emptyFolder();
});
afterEach(() => aws.faults.clear());
afterAll(async () => {
  await aws.stop();
  await folder.remove();
});

const slipway = (args: readonly string[], env: Record<string, string> = localEnv(aws)) =>
  runCliProcess(args, { cwd: folder.path, env });

describe('trouble with AWS', () => {
  it.each([
    { args: ['runs', 'ls', '--table', 'runs'], operation: 'dynamodb.Query', action: 'dynamodb:Query' },
    { args: ['runs', 'get', 'some-run', '--table', 'runs'], operation: 'dynamodb.GetItem', action: 'dynamodb:GetItem' },
    { args: ['setup', '--table', 'runs'], operation: 'dynamodb.CreateTable', action: 'dynamodb:CreateTable' },
    { args: ['setup', '--queue', 'q'], operation: 'sqs.CreateQueue', action: 'sqs:CreateQueue' },
    { args: ['setup', '--bucket', 's3://files'], operation: 's3.CreateBucket', action: 's3:CreateBucket' },
    { args: ['run', 'hello', '--queue-url', 'QUEUE'], operation: 'sqs.SendMessage', action: 'sqs:SendMessage' },
  ])('tells who may not do what: $action', async ({ args, operation, action }) => {
    aws.faults.add({ operation, fault: denied(action) });
    const { exitCode, stdout, stderr } = await slipway(
      args.map((word) => (word === 'QUEUE' ? `${aws.url}/000000000000/q` : word)),
    );
    expect(stderr).toContain('User: arn:aws:iam::000000000000:user/ada is not authorized to perform');
    expect(stderr).toContain(action);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
  });

  it('asks for credentials where there are none', async () => {
    const { exitCode, stderr } = await slipway(['runs', 'ls', '--table', 'runs'], { AWS_REGION: 'us-east-1' });
    expect(stderr).toContain('there are no AWS credentials');
    expect(exitCode).toBe(4);
  });

  it('asks for a region where there is none', async () => {
    const keys = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
    const { exitCode, stderr } = await slipway(['runs', 'ls', '--table', 'runs'], keys);
    expect(stderr).toContain('no AWS region is named');
    expect(exitCode).toBe(3);
  });

  it('needs no credentials for local AWS', async () => {
    const { exitCode } = await slipway(['setup', '--table', 'others'], { AWS_ENDPOINT_URL: aws.url });
    expect(exitCode).toBe(0);
  });

  it('sends to the set-up who names a table or a queue that is not there', async () => {
    const listed = await slipway(['runs', 'ls', '--table', 'nowhere']);
    expect(listed).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('slipway setup') });
    const sent = await slipway(['run', 'hello', '--queue-url', `${aws.url}/000000000000/nowhere`]);
    expect(sent).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('slipway setup') });
  });

  it('says which endpoint does not answer', async () => {
    const { exitCode, stderr } = await slipway([
      'runs',
      'ls',
      '--table',
      'runs',
      '--endpoint-url',
      'http://127.0.0.1:1',
    ]);
    expect(stderr).toContain('AWS cannot be reached at 127.0.0.1:1');
    expect(exitCode).toBe(4);
  });

  it('asks which table is meant where nothing names one', async () => {
    const { exitCode, stderr } = await slipway(['runs', 'ls']);
    expect(stderr).toContain('nobody says which table of runs is meant');
    expect(exitCode).toBe(3);
  });

  it('says that no agent has taken the request, when nobody has after five seconds', async () => {
    expect((await slipway(['setup', '--table', 'runs', '--queue', 'lonely'])).exitCode).toBe(0);
    const args = ['run', 'hello', '--watch', '--table', 'runs', '--queue-url', `${aws.url}/000000000000/lonely`];
    const watching = startCli(args, { cwd: folder.path, env: localEnv(aws) });
    while (!watching.output.stderr.includes('no agent has taken the request')) {
      expect(watching.child.exitCode).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    watching.child.kill('SIGINT');
    expect((await watching.ended()).exitCode).toBe(130);
  });
});
