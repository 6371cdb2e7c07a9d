import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { reaches, register, run, shell } from './run-a-task.ts';
import { type StartedEcs, startEcs } from './start-ecs.ts';

const ROLE = { executionRoleArn: 'arn:aws:iam::000000000000:role/execution' };

function logging(options: Record<string, string> = {}) {
  return {
    logConfiguration: {
      logDriver: 'awslogs' as const,
      options: {
        'awslogs-group': '/ecs/sample',
        'awslogs-region': 'us-east-1',
        'awslogs-stream-prefix': 'flow',
        ...options,
      },
    },
  };
}

describe('the output of a task', () => {
  let local: StartedEcs;

  beforeEach(async () => {
    local = await startEcs();
  });

  afterEach(() => local.stop());

  const runLogged = async (script: string, options?: Record<string, string>) => {
    const definition = await register(local.client, [shell(script, logging(options))], ROLE);
    return await reaches(local.client, await run(local.client, definition), 'STOPPED');
  };

  const streamOf = (taskArn = '') => `/ecs/sample:flow/main/${taskArn.split('/').at(-1)}`;

  it('goes line by line to the stream <prefix>/<container>/<task id>, both of stdout and stderr', async () => {
    local.logs.createGroup('/ecs/sample');
    const { taskArn } = await runLogged('echo one; echo two; echo oops >&2; printf "no line end: é"');
    expect(local.logs.messages(streamOf(taskArn)).sort()).toEqual(['no line end: é', 'one', 'oops', 'two']);
    expect([...local.logs.streams.keys()]).toEqual([streamOf(taskArn)]);
  });

  it('is there while the task is still running', async () => {
    local.logs.createGroup('/ecs/sample');
    const definition = await register(local.client, [shell('echo early; sleep 60', logging())], ROLE);
    const { taskArn } = await run(local.client, definition);
    await eventually(() => expect(local.logs.messages(streamOf(taskArn))).toEqual(['early']));
  });

  it('is cut into events of at most 256 KB', async () => {
    local.logs.createGroup('/ecs/sample');
    const { taskArn } = await runLogged('head -c 600000 /dev/zero | tr "\\0" x; echo');
    const lengths = local.logs.messages(streamOf(taskArn)).map((message) => message.length);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(600_000);
    expect(Math.max(...lengths)).toBe(256 * 1024);
  });

  it('keeps a task from starting when its group is missing', async () => {
    const task = await runLogged('echo never');
    expect(task.stopCode).toBe('TaskFailedToStart');
    expect(task.stoppedReason).toMatch(
      /^ResourceInitializationError: .*The specified log group does not exist.*\/ecs\/sample/,
    );
  });

  it('makes its group when it is asked to', async () => {
    const { taskArn } = await runLogged('echo hello', { 'awslogs-create-group': 'true' });
    expect(local.logs.messages(streamOf(taskArn))).toEqual(['hello']);
  });

  it('does not harm the task when its group disappears', async () => {
    local.logs.createGroup('/ecs/sample');
    const definition = await register(local.client, [shell('sleep 0.3; echo lost; exit 6', logging())], ROLE);
    const task = await run(local.client, definition);
    await reaches(local.client, task, 'RUNNING');
    local.logs.groups.clear();
    expect((await reaches(local.client, task, 'STOPPED')).containers?.[0]?.exitCode).toBe(6);
  });
});
