import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StopTaskCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { isRunning } from './is-running.ts';
import { describeTask, reaches, register, run, runToEnd, shell } from './run-a-task.ts';
import { type StartedEcs, startEcs } from './start-ecs.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:db-AbCdEf:password::';
const ROLE = { executionRoleArn: 'arn:aws:iam::000000000000:role/execution' };

describe('tasks as processes', () => {
  let local: StartedEcs;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-test-'));
    local = await startEcs({
      images: {
        'slipway-worker': {
          command: [process.execPath, '-e', 'process.stdout.write("")', '--'],
          env: { FROM_IMAGE: 'yes' },
        },
      },
      secretValues: { [SECRET]: 'hunter2' },
      settings: { maxProcesses: 2 },
    });
    local.logs.createGroup('/ecs/sample');
  });

  afterEach(async () => {
    await local.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const out = () => join(folder, 'out');
  const written = () => (existsSync(out()) ? readFileSync(out(), 'utf8') : '');

  it('get the environment of definition, overrides and secrets, and nothing else of this process', async () => {
    process.env.NOT_FOR_TASKS = 'private';
    const definition = await register(
      local.client,
      [
        shell(`env > ${out()}`, {
          environment: [
            { name: 'A', value: 'definition' },
            { name: 'B', value: 'definition' },
          ],
          secrets: [{ name: 'PASSWORD', valueFrom: SECRET }],
        }),
      ],
      ROLE,
    );
    const overrides = { containerOverrides: [{ name: 'main', environment: [{ name: 'B', value: 'override' }] }] };
    await reaches(local.client, await run(local.client, definition, { overrides }), 'STOPPED');
    delete process.env.NOT_FOR_TASKS;
    const env = Object.fromEntries(
      written()
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(env).toMatchObject({
      A: 'definition',
      B: 'override',
      PASSWORD: 'hunter2',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: local.endpoint,
      AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
      PATH: process.env.PATH,
    });
    expect(env.ECS_CONTAINER_METADATA_URI_V4).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v4\//);
    expect(env).not.toHaveProperty('NOT_FOR_TASKS');
  });

  it('run in a folder of their own that is gone afterwards', async () => {
    await runToEnd(local.client, [shell(`pwd > ${out()}`)]);
    expect(written()).toContain('slipway-tasks-');
    expect(existsSync(written().trim())).toBe(false);
  });

  it('take the program that stands for an image, by its name without registry, tag and digest', async () => {
    const script = `require('fs').writeFileSync('${out()}', process.env.FROM_IMAGE + ' ' + process.argv.slice(1).join(' '))`;
    await local.stop();
    local = await startEcs({
      images: { 'slipway-worker': { command: [process.execPath, '-e', script], env: { FROM_IMAGE: 'yes' } } },
    });
    const task = await runToEnd(local.client, [
      { name: 'main', image: 'registry.example/x/slipway-worker:1.2@sha256:abc', command: ['run', 'this'] },
    ]);
    expect(task.containers?.[0]?.exitCode).toBe(0);
    expect(written()).toBe('yes run this');
  });

  it('let the entry point of the definition replace that of the image, and an override only the command', async () => {
    const definition = await register(local.client, [
      { name: 'main', image: 'slipway-worker', entryPoint: ['/bin/sh', '-c'], command: ['exit 1'] },
    ]);
    const overrides = { containerOverrides: [{ name: 'main', command: [`echo overridden > ${out()}`] }] };
    const task = await reaches(local.client, await run(local.client, definition, { overrides }), 'STOPPED');
    expect(task.containers?.[0]?.exitCode).toBe(0);
    expect(written()).toBe('overridden\n');
  });

  it('do not start when local ECS has no such image and there is no command', async () => {
    const task = await runToEnd(local.client, [{ name: 'main', image: 'nobody/knows:1' }]);
    expect(task).toMatchObject({ stopCode: 'TaskFailedToStart', lastStatus: 'STOPPED' });
    expect(task.stoppedReason).toMatch(/^CannotPullContainerError: .*'nobody\/knows:1'.*program for the image 'knows'/);
    expect(task.containers?.[0]?.exitCode).toBeUndefined();
  });

  it('do not start without a secret that they need', async () => {
    const definition = await register(
      local.client,
      [shell('exit 0', { secrets: [{ name: 'X', valueFrom: 'arn:missing' }] })],
      ROLE,
    );
    const task = await reaches(local.client, await run(local.client, definition), 'STOPPED');
    expect(task.stopCode).toBe('TaskFailedToStart');
    expect(task.stoppedReason).toMatch(/^ResourceInitializationError: unable to pull secrets.*arn:missing/);
  });

  it('say when a command cannot be started', async () => {
    const task = await runToEnd(local.client, [{ name: 'main', image: 'alpine', command: ['/no/such/program'] }]);
    expect(task).toMatchObject({ stopCode: 'TaskFailedToStart' });
    expect(task.stoppedReason).toMatch(/^CannotStartContainerError: .*\/no\/such\/program/);
    expect(task.containers?.[0]).toMatchObject({ exitCode: 127, reason: task.stoppedReason });
  });

  it('say when a command cannot even be tried', async () => {
    const task = await runToEnd(local.client, [shell('exit 0', { environment: [{ name: 'A', value: 'a\0b' }] })]);
    expect(task).toMatchObject({ stopCode: 'TaskFailedToStart' });
    expect(task.containers?.[0]).toMatchObject({
      exitCode: 126,
      reason: expect.stringMatching(/^CannotStartContainerError/),
    });
  });

  it('tell a death by signal as 128 and its number', async () => {
    const task = await runToEnd(local.client, [shell('kill -SEGV $$')]);
    expect(task.containers?.[0]?.exitCode).toBe(139);
  });

  it('get SIGTERM first and can end in good order', async () => {
    const definition = await register(local.client, [
      shell(`trap 'exit 7' TERM; echo up > ${out()}; while :; do sleep 0.05; done`),
    ]);
    const task = await run(local.client, definition);
    await eventually(() => expect(written()).toBe('up\n'));
    const answer = await local.client.send(new StopTaskCommand({ task: task.taskArn, reason: 'enough' }));
    expect(answer.task).toMatchObject({ desiredStatus: 'STOPPED', lastStatus: 'RUNNING', stopCode: 'UserInitiated' });
    const stopped = await reaches(local.client, task, 'STOPPED');
    expect(stopped).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'enough' });
    expect(stopped.containers?.[0]?.exitCode).toBe(7);
  });

  it('are killed with all their descendants when they outlive their stop timeout', async () => {
    const script = `trap '' TERM; (trap '' TERM; sleep 60) & echo $! > ${out()}; while :; do sleep 0.05; done`;
    const definition = await register(local.client, [shell(script, { stopTimeout: 2 })]);
    const task = await run(local.client, definition);
    await eventually(() => expect(written()).toMatch(/\d+\n/));
    await local.client.send(new StopTaskCommand({ task: task.taskArn }));
    const stopped = await reaches(local.client, task, 'STOPPED');
    expect(stopped.containers?.[0]?.exitCode).toBe(137);
    await eventually(() => expect(isRunning(Number(written()))).toBe(false));
  });

  it('leave no process behind when their first process ends', async () => {
    await runToEnd(local.client, [shell(`sleep 60 & echo $! > ${out()}`)]);
    await eventually(() => expect(isRunning(Number(written()))).toBe(false));
  });

  it('leave no process behind when local ECS is closed', async () => {
    const definition = await register(local.client, [shell(`sleep 60 & echo $! > ${out()}; wait`)]);
    await run(local.client, definition);
    await eventually(() => expect(written()).toMatch(/\d+\n/));
    await local.ecs.close();
    await eventually(() => expect(isRunning(Number(written()))).toBe(false));
  });

  it('wait in PENDING while as many containers run as may', async () => {
    const definition = await register(local.client, [shell(`while [ ! -e ${out()} ]; do sleep 0.02; done`)]);
    const tasks = [
      await run(local.client, definition),
      await run(local.client, definition),
      await run(local.client, definition),
    ];
    const [first, second, third] = tasks;
    if (!first || !second || !third) throw new Error('three tasks were started');
    await reaches(local.client, first, 'RUNNING');
    await reaches(local.client, second, 'RUNNING');
    expect((await describeTask(local.client, third))?.lastStatus).toMatch(/PROVISIONING|PENDING/);
    await local.client.send(new StopTaskCommand({ task: first.taskArn }));
    await reaches(local.client, third, 'RUNNING');
  });
});

describe('containers of one task', () => {
  let local: StartedEcs;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-test-'));
    local = await startEcs();
  });

  afterEach(async () => {
    await local.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('start after what they depend on has succeeded', async () => {
    const file = join(folder, 'order');
    const task = await runToEnd(local.client, [
      shell(`echo main >> ${file}`, { dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] }),
      shell(`sleep 0.2; echo init >> ${file}`, { name: 'init', essential: false }),
    ]);
    expect(readFileSync(file, 'utf8')).toBe('init\nmain\n');
    expect(task.containers?.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  it('never start when what they depend on has failed', async () => {
    const task = await runToEnd(local.client, [
      shell('exit 0', { dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] }),
      shell('exit 4', { name: 'init', essential: false }),
    ]);
    expect(task.stopCode).toBe('TaskFailedToStart');
    expect(task.containers?.map(({ name, exitCode }) => [name, exitCode])).toEqual([
      ['main', undefined],
      ['init', 4],
    ]);
    expect(task.containers?.[0]?.reason).toMatch(/did not exit successfully.*'init'/);
  });

  it('go on when one that is not essential ends', async () => {
    const definition = await register(local.client, [
      shell('sleep 60'),
      shell('exit 5', { name: 'helper', essential: false }),
    ]);
    const task = await run(local.client, definition);
    await eventually(async () => {
      const containers = (await describeTask(local.client, task))?.containers ?? [];
      expect(containers.find(({ name }) => name === 'helper')).toMatchObject({ lastStatus: 'STOPPED', exitCode: 5 });
    });
    expect(await describeTask(local.client, task)).toMatchObject({ lastStatus: 'RUNNING', desiredStatus: 'RUNNING' });
  });
});
