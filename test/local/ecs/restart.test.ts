import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateClusterCommand, DescribeClustersCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { isRunning } from './is-running.ts';
import { reaches, register, run, shell } from './run-a-task.ts';
import { clientOf, type StartedEcs, startEcs } from './start-ecs.ts';

describe('local ECS after a sudden end', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  let local: StartedEcs | undefined;
  let orphans: number[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-test-'));
  });

  afterEach(async () => {
    await kill();
    await local?.stop();
    local = undefined;
    for (const pid of orphans.filter(isRunning)) process.kill(pid, 'SIGKILL');
    orphans = [];
    rmSync(folder, { recursive: true, force: true });
  });

  const stateDir = () => join(folder, 'state');

  async function startProcess() {
    child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'ecs-process.ts'), stateDir()], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [chunk] = await once(child.stdout ?? child, 'data');
    return clientOf(String(chunk).trim());
  }

  async function kill() {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  it('kills what is left of its tasks and tells them as stopped with their host', async () => {
    const client = await startProcess();
    const pids = join(folder, 'pids');
    const script = `trap '' TERM PIPE HUP; sleep 300 & echo $$ $! > ${pids}; wait; sleep 300`;
    const task = await run(client, await register(client, [shell(script)]));
    await reaches(client, task, 'RUNNING');
    await eventually(() => expect(existsSync(pids) ? readFileSync(pids, 'utf8') : '').toMatch(/\d+ \d+\n/));
    await kill();
    const left = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
    orphans.push(...left);
    expect(left.map(isRunning)).toEqual([true, true]);

    local = await startEcs({ stateDir: stateDir(), settings: { eventsQueueUrl: 'events' } });
    const stopped = await reaches(local.client, task, 'STOPPED');
    expect(stopped).toMatchObject({ stopCode: 'InfrastructureHealth', desiredStatus: 'STOPPED' });
    expect(stopped.stoppedReason).toMatch(/^Local ECS stopped while the task was running/);
    expect(stopped.containers?.[0]?.exitCode).toBeUndefined();
    await eventually(() => expect(left.map(isRunning)).toEqual([false, false]));
    expect(existsSync(join(stateDir(), 'tasks', task.taskArn?.split('/').at(-1) ?? ''))).toBe(false);
    expect(local.events.map((body) => JSON.parse(body).detail.lastStatus)).toEqual(['STOPPED']);
  });

  /** Kills local ECS while a task runs whose script writes the number of the process to look for. */
  async function orphanOf(script: string): Promise<number> {
    const client = await startProcess();
    const file = join(folder, 'pid');
    const task = await run(client, await register(client, [shell(`echo_pid() { echo $1 > ${file}; }; ${script}`)]));
    await reaches(client, task, 'RUNNING');
    await eventually(() => expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toMatch(/^\d+\n/));
    await kill();
    const pid = Number(readFileSync(file, 'utf8'));
    orphans.push(pid);
    expect(isRunning(pid)).toBe(true);
    return pid;
  }

  it('kills by its mark the first process of a container that has wiped its environment', async () => {
    const pid = await orphanOf('echo_pid $$; exec env -i sleep 300');
    local = await startEcs({ stateDir: stateDir() });
    await eventually(() => expect(isRunning(pid)).toBe(false));
  });

  it.runIf(existsSync('/proc'))(
    'kills by its environment what has left the process group of its container',
    async () => {
      const pid = await orphanOf('setsid sleep 300 & echo_pid $!; wait');
      local = await startEcs({ stateDir: stateDir() });
      await eventually(() => expect(isRunning(pid)).toBe(false));
    },
  );

  it('leaves no process behind when its program merely exits', async () => {
    const client = await startProcess();
    const file = join(folder, 'pid');
    await run(client, await register(client, [shell(`echo $$ > ${file}; sleep 300`)]));
    await eventually(() => expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toMatch(/^\d+\n/));
    const pid = Number(readFileSync(file, 'utf8'));
    orphans.push(pid);
    child?.stdin?.write('exit\n');
    await eventually(() => expect(isRunning(pid)).toBe(false));
  });

  it('never kills a process that merely has the number of an old one', async () => {
    const bystander = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
    local = await startEcs({ stateDir: stateDir() });
    const task = await run(local.client, await register(local.client, [shell('sleep 300')]));
    const { taskArn: arn = '' } = await reaches(local.client, task, 'RUNNING');
    await local.stop();
    const containers = [
      {
        name: 'main',
        id: 'c',
        runtimeId: 'r',
        lastStatus: 'RUNNING',
        cpu: '0',
        process: { pid: bystander.pid, startedAt: '1' },
      },
    ];
    appendFileSync(
      join(stateDir(), 'ecs.jsonl'),
      `${JSON.stringify([{ kind: 'task-changed', arn, change: { containers } }])}\n`,
    );
    local = await startEcs({ stateDir: stateDir() });
    await reaches(local.client, task, 'STOPPED');
    expect(isRunning(bystander.pid ?? 0)).toBe(true);
    bystander.kill('SIGKILL');
    await once(bystander, 'exit');
  });

  it('knows all that it has acknowledged: definitions, clusters, tasks, tokens', async () => {
    const client = await startProcess();
    await client.send(new CreateClusterCommand({ clusterName: 'kept' }));
    const definition = await register(client, [shell('exit 3')], { tags: [{ key: 'a', value: 'b' }] });
    const task = await run(client, definition, { clientToken: 'kept', cluster: 'kept' });
    const before = await reaches(client, task, 'STOPPED');
    await kill();

    local = await startEcs({ stateDir: stateDir() });
    expect(await reaches(local.client, task, 'STOPPED')).toEqual(before);
    expect(
      (await local.client.send(new DescribeTaskDefinitionCommand({ taskDefinition: definition, include: ['TAGS'] })))
        .tags,
    ).toEqual([{ key: 'a', value: 'b' }]);
    expect((await local.client.send(new DescribeClustersCommand({ clusters: ['kept'] }))).clusters).toHaveLength(1);
    expect((await run(local.client, definition, { clientToken: 'kept', cluster: 'kept' })).taskArn).toBe(task.taskArn);
    expect(await register(local.client, [shell('exit 3')])).toMatch(/:2$/);
  });

  it('goes on with tasks that had not started yet', async () => {
    local = await startEcs({ stateDir: stateDir(), settings: { delays: { provisioningMs: 60_000 } } });
    const task = await run(local.client, await register(local.client, [shell('exit 5')]));
    await local.stop();
    local = await startEcs({ stateDir: stateDir() });
    expect((await reaches(local.client, task, 'STOPPED')).containers?.[0]?.exitCode).toBe(5);
  });
});
