import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAws } from '../../src/local/start-local-aws.ts';
import { emptyFolder, type Folder, runCliProcess, startCli } from './cli-process.ts';
import { localEnv, startServer } from './local-server.ts';

const FLOW = [
  'flow: greet',
  'runConfig:',
  '  image: busybox',
  '  command: [sh, -c, "echo $GREETING"]',
  '  taskDefinitionPatch:',
  '    executionRoleArn: arn:aws:iam::000000000000:role/execution',
  '    containerDefinitions:',
  '      - name: flow',
  '        logConfiguration:',
  '          logDriver: awslogs',
  '          options:',
  '            awslogs-group: /slipway/runs',
  '            awslogs-region: us-east-1',
  '            awslogs-stream-prefix: run',
  '            awslogs-create-group: "true"',
  '',
].join('\n');

let aws: LocalAws;
let folder: Folder;
let queueUrl: string;

beforeAll(async () => {
  aws = await startServer();
  folder = await emptyFolder();
  queueUrl = `${aws.url}/000000000000/requests`;
  await folder.write('flows/greet.yaml', FLOW);
  await folder.write('kwargs.yaml', 'networkConfiguration: { awsvpcConfiguration: { subnets: [subnet-1] } }\n');
  await folder.write(
    'agent.yaml',
    `table: runs\nbucket: s3://files\nqueues: [{ url: "${queueUrl}" }]\necs: { runTaskKwargs: kwargs.yaml }\n`,
  );
});
afterAll(async () => {
  await aws.stop();
  await folder.remove();
});

const slipway = (args: readonly string[], env: Record<string, string> = localEnv(aws)) =>
  runCliProcess(args, { cwd: folder.path, env });

describe('a set-up and an agent on one AWS', () => {
  it('sets up what agent.yaml names, says so, and changes nothing the second time', async () => {
    const dry = await slipway(['setup', '--dry-run']);
    expect(dry.stdout).toMatch(/table +runs +would be created/);
    const first = await slipway(['setup']);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /table +runs +created[\s\S]*queue +requests-dlq +created[\s\S]*bucket +files +created/,
    );
    const second = await slipway(['setup', '-o', 'json']);
    const steps: { outcome: string }[] = JSON.parse(second.stdout);
    expect(steps.map(({ outcome }) => outcome)).toEqual(['exists', 'exists', 'exists', 'exists']);
  });

  it('works as flags, variables and file say, reads changed files on SIGHUP, and ends with 0 on SIGTERM', async () => {
    const env = { ...localEnv(aws), SLIPWAY_NAME: 'from-variable' };
    const args = ['agent', 'start', '--name', 'from-flag', '-e', 'GREETING=hello there', '--log-level', 'debug'];
    const agent = startCli(args, { cwd: folder.path, env });
    await agent.until('\n');
    const [first = ''] = agent.output.stdout.split('\n');
    expect(JSON.parse(first)).toMatchObject({
      level: 'info',
      event: 'agent.started',
      agent: 'from-flag',
      queue: queueUrl,
    });

    await agent.until('agent.checked');
    const checked = agent.output.stdout.split('\n').find((line) => line.includes('agent.checked')) ?? '';
    expect(JSON.parse(checked)).toMatchObject({
      level: 'info',
      found: expect.arrayContaining([
        'account: 000000000000 us-east-1  as user/local',
        expect.stringMatching(/^table: runs answers \(\d+ ms\) · no run waits · other agents: none$/),
        'queue requests: 0 waiting, 0 in flight',
        expect.stringMatching(/^flows: 1 loaded from .*\(files [0-9a-f]{8}\)$/),
      ]),
      warnings: [expect.stringMatching(/^events: none.*fix: docs\/operate.md/)],
    });

    const watched = await slipway(['run', 'greet', '--watch']);
    expect(watched.stdout).toContain('hello there');
    expect(watched.exitCode).toBe(0);

    await folder.write('flows/greet.yaml', FLOW.replace('echo $GREETING', 'exit 3'));
    agent.child.kill('SIGHUP');
    await agent.until('config.reloaded');
    expect((await slipway(['run', 'greet', '--watch'])).exitCode).toBe(6);

    agent.child.kill('SIGTERM');
    const { exitCode, stdout, stderr } = await agent.ended();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(events.slice(-2)).toEqual(['agent.stopping', 'agent.stopped']);
  });

  it('ends after --max-polls', async () => {
    const waiting = startCli(['agent', 'start', '--max-polls', '1'], { cwd: folder.path, env: localEnv(aws) });
    await waiting.until('agent.started');
    await slipway(['run', 'greet']);
    expect((await waiting.ended()).exitCode).toBe(0);
  });

  it('stays while AWS does not answer, and tells of the outage once', async () => {
    const env = { ...localEnv(aws), AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    const agent = startCli(['agent', 'start'], { cwd: folder.path, env });
    await agent.until('loop.failing');
    await agent.until('receive http');
    expect(agent.child.exitCode).toBeNull();
    agent.child.kill('SIGTERM');
    const { exitCode, stdout } = await agent.ended();
    expect(exitCode).toBe(0);
    const receiving = stdout
      .split('\n')
      .filter((line) => line.includes('loop.failing') && line.includes('receive http'));
    expect(receiving).toHaveLength(1);
  });

  it('waits for a configuration in S3 that cannot be reached yet', async () => {
    const env = { ...localEnv(aws), AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    const agent = startCli(['agent', 'start', '--config', 's3://files/agent.yaml'], { cwd: folder.path, env });
    while (!agent.output.stderr.includes('waits for s3://files/agent.yaml')) {
      expect(agent.child.exitCode).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    agent.child.kill('SIGTERM');
    expect((await agent.ended()).exitCode).toBe(0);
  });
});
