import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from '../../../src/cli/env.ts';
import { hasSupervisord } from '../../supervisord/supervisor.ts';
import { runInProcess } from '../cli-in-process.ts';
import { emptyFolder, type Folder } from '../cli-process.ts';

let folder: Folder;

beforeAll(async () => {
  folder = await emptyFolder();
});
afterAll(() => folder.remove());

/** What supervisord itself reads from a file: the command of each program, in words, and some of its keys. */
const READ_BY_SUPERVISOR = `
import json, shlex, sys
from supervisor.options import ServerOptions
options = ServerOptions()
options.realize(['-c', sys.argv[1]])
programs = [p for group in options.process_group_configs for p in group.process_configs]
print(json.dumps([[p.name, shlex.split(p.command), p.directory, p.autostart, list(p.exitcodes), p.stopwaitsecs, p.environment] for p in programs]))
`;

async function readBySupervisor(printed: string): Promise<readonly (readonly unknown[])[]> {
  const conf = await folder.write('supervisord.conf', printed);
  const [, python = ''] = /^#!(.*)/.exec(readFileSync('/usr/bin/supervisord', 'utf8')) ?? [];
  const read = spawnSync(python.trim(), ['-c', READ_BY_SUPERVISOR, conf], { encoding: 'utf8' });
  expect(read.stderr).toBe('');
  return JSON.parse(read.stdout);
}

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('slipway agent install', () => {
  it.skipIf(!hasSupervisord)('prints for supervisord what it reads as meant, odd paths included', async () => {
    const odd = join(folder.path, '100% odd folder');
    mkdirSync(odd);
    const args = ['agent', 'install', 'supervisord', '--standalone', '--config', `${odd}/agent.yaml`];
    expect(await runInProcess(args, { cwd: odd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--log-dir'),
    });
    const { stdout, exitCode } = await runInProcess([...args, '--log-dir', folder.path], { cwd: odd });
    expect(exitCode).toBe(0);
    const [first = [], second = []] = await readBySupervisor(stdout);
    const start = [
      process.execPath,
      '--max-semi-space-size=2',
      '--max-old-space-size=512',
      expect.stringMatching(/main\.[jt]s$/),
      'agent',
      'start',
      '--config',
    ];
    expect(first).toEqual([
      'slipway-agent',
      [...start, `${odd}/agent.yaml`],
      odd,
      true,
      [0, 78],
      40,
      { NODE_ENV: 'production' },
    ]);
    expect(second.slice(0, 4)).toEqual(['slipway-agent-2', expect.arrayContaining(['--name']), odd, false]);
  });

  it.skipIf(!hasSupervisord)('has supervisord give the agents the region, which no shell hands on to it', async () => {
    const args = ['agent', 'install', 'supervisord', '--standalone', '--region', 'eu-west-1'];
    const { stdout } = await runInProcess(args, { cwd: folder.path, env: readEnv({ AWS_REGION: 'us-east-1' }) });
    const environment = { NODE_ENV: 'production', AWS_REGION: 'eu-west-1' };
    expect((await readBySupervisor(stdout)).map((program) => program.at(-1))).toEqual([environment, environment]);
  });

  it('has nothing of a checkout in what it prints', async () => {
    const { stdout } = await runInProcess(['agent', 'install', 'supervisord', '--standalone'], { cwd: folder.path });
    expect(stdout).toContain('supervisord -c supervisord.conf');
    expect(stdout).not.toMatch(/npm ci|config\/agent.yaml/);
  });

  it.skipIf(!hasSystemd)('prints a unit that systemd finds nothing wrong with', async () => {
    const { stdout } = await runInProcess(
      ['agent', 'install', 'systemd', '--config', '/etc/slipway/agent.yaml', '--user', 'daemon'],
      { cwd: folder.path, env: readEnv({ AWS_REGION: 'eu-west-1' }) },
    );
    const unit = await folder.write('slipway-agent.service', stdout);
    const verified = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    expect(verified.stderr.split('\n').filter((line) => line.includes('slipway-agent'))).toEqual([]);
    expect(stdout).toContain('\nEnvironment=NODE_ENV=production AWS_REGION=eu-west-1\n');
    expect(stdout).toContain('RestartPreventExitStatus=0 78');
    expect(stdout).toContain(`agent start --config /etc/slipway/agent.yaml`);
  });

  it('prints a task definition for ECS, and names the flag that is missing', async () => {
    const roles = [
      '--task-role-arn',
      'arn:aws:iam::1:role/agent',
      '--execution-role-arn',
      'arn:aws:iam::1:role/execution',
    ];
    const args = ['agent', 'install', 'ecs', '--config', 's3://acme/agent.yaml', '--image', 'acme/agent:1', ...roles];
    const env = readEnv({ AWS_REGION: 'eu-west-1' });
    const { stdout } = await runInProcess(args, { env });
    expect(JSON.parse(stdout)).toMatchObject({
      taskRoleArn: 'arn:aws:iam::1:role/agent',
      containerDefinitions: [
        { command: ['agent', 'start', '--config', 's3://acme/agent.yaml'], readonlyRootFilesystem: true },
      ],
    });
    expect(await runInProcess(args.slice(0, 7), { env })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--task-role-arn'),
    });
    const local = await runInProcess(['agent', 'install', 'ecs', '--config', 'agent.yaml'], { env });
    expect(local).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('s3://') });
  });
});
