import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, emptyFolder, type Folder, type RunningCli, runCliProcess, startCli } from './cli-process.ts';

const CONFIG = resolve('config/agent.yaml');

let folder: Folder;
let dev: RunningCli;

beforeAll(async () => {
  folder = await emptyFolder();
  dev = startCli(['dev', '--ephemeral', '--config', CONFIG], { cwd: folder.path });
  await dev.until('Ready.');
});
afterAll(async () => {
  dev.child.kill('SIGKILL');
  await dev.ended();
  await folder.remove();
});

const slipway = (...args: string[]): Promise<CliResult> => runCliProcess(args, { cwd: folder.path });

async function waitForStatus(runId: string, status: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { stdout } = await slipway('runs', 'get', runId, '-o', 'json');
    if (stdout.includes(`"status": "${status}"`)) return;
  }
  throw new Error(`run ${runId} did not become ${status}`);
}

/** The processes below one, as they are now. */
function descendantsOf(pid: number | undefined): number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'ppid=,pid='], { encoding: 'utf8' });
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([ppid]) => ppid === parent).flatMap(([, child = 0]) => [child, ...below(child)]);
  return pid === undefined ? [] : below(pid);
}

/** Whether the process still does something: one that is killed stays in the table until its parent asks for it. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

describe('slipway dev', () => {
  it('tells where everything is and how to talk to it', async () => {
    const session = JSON.parse(await readFile(join(folder.path, '.slipway', 'dev.json'), 'utf8'));
    expect(session).toEqual({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      region: 'us-east-1',
      queueUrl: `${session.endpoint}/000000000000/slipway`,
      table: 'slipway',
      bucket: 's3://slipway',
      config: CONFIG,
      pid: dev.child.pid,
    });
    const { stdout } = dev.output;
    expect(stdout).toContain(`export AWS_ENDPOINT_URL=${session.endpoint}`);
    expect(stdout).toContain(`sqs send-message --queue-url ${session.queueUrl}`);
    expect(stdout).toMatch(/Flows .*hello/);
    expect(stdout).toContain('run hello -p name=Ada --watch');
  });

  it('runs a flow that is asked for in another shell, and shows its output to the one who watches', async () => {
    const { exitCode, stdout, stderr } = await slipway('run', 'hello', '-p', 'name=Ada', '--watch');
    expect(stdout).toContain('Hello, Ada!');
    for (const status of ['QUEUED', 'LAUNCHING', 'STARTING', 'RUNNING']) expect(stderr).toContain(status);
    expect(stderr).toMatch(/✔ SUCCEEDED in [\d.]+s, ≈ \$[\d.]+ {3}[A-Z0-9]{6} hello/);
    expect(stderr).toContain('local AWS of "slipway dev"');
    expect(exitCode).toBe(0);
    await dev.until('SUCCEEDED  hello');
  });

  it('tells of a run in the same words by id, by its short id and as the last of its flow', async () => {
    const [runId = ''] = (await slipway('run', 'hello', '-p', 'name=Grace', '--watch')).stdout.split('\n');
    expect(runId).toMatch(/^[a-z0-9]{26}$/);
    const record = JSON.parse((await slipway('runs', 'get', runId, '-o', 'json')).stdout);
    expect(record).toMatchObject({
      runId,
      flow: 'hello',
      status: 'SUCCEEDED',
      exitCode: 0,
      parameters: { name: 'Grace' },
    });
    for (const ref of [runId.slice(-6).toUpperCase(), 'hello@last', record.taskArn]) {
      expect(JSON.parse((await slipway('runs', 'get', ref, '-o', 'json')).stdout)).toEqual(record);
    }
    expect((await slipway('runs', 'get', runId)).stdout).toContain('SUCCEEDED');
    const listed = await slipway('runs', 'ls', '--flow', 'hello', '--since', '1h', '--limit', '1', '-o', 'json');
    const { steps: _steps, reports: _reports, moreReports: _more, ...facts } = record;
    expect(JSON.parse(listed.stdout)).toEqual([facts]);
    expect((await slipway('runs', 'ls')).stdout).toMatch(/RUN +FLOW +STATUS[\s\S]*hello +✔ SUCCEEDED/);
  });

  it('lends its configuration to the other commands where the folder has none', async () => {
    const { exitCode, stdout } = await slipway('schedules', 'ls', '-o', 'json');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('heartbeat/default');
  });

  it('gives the output of a run, whole or its end, as it was written or as JSON', async () => {
    const runId = (await slipway('run', 'hello', '-p', 'name=Edsger')).stdout.trim();
    const followed = await slipway('logs', '-f', runId);
    expect(followed.stdout).toContain('Hello, Edsger!');
    expect(followed.exitCode).toBe(0);
    const lines = followed.stdout.trim().split('\n');
    const last = await slipway('logs', runId, '--last', '1', '--no-timestamps');
    expect(lines.at(-1)?.endsWith(last.stdout.trim())).toBe(true);
    expect(last.stdout.trim().split('\n')).toHaveLength(1);
    const asJson = (await slipway('logs', runId, '-o', 'json')).stdout.trim().split('\n');
    expect(asJson).toHaveLength(lines.length);
    expect(JSON.parse(asJson[0] ?? '')).toEqual({ at: expect.any(String), message: expect.any(String) });
    expect((await slipway('logs', runId, '--attempt', '2')).exitCode).toBe(2);
  });

  it('ends the watching of a flow that fails with 6, and says why', async () => {
    const { exitCode, stderr } = await slipway('run', 'failing', '--watch');
    expect(exitCode).toBe(6);
    expect(stderr).toContain('✘ FAILED');
    expect(stderr).toContain('FLOW_FAILED');
    const record = JSON.parse((await slipway('runs', 'get', '@last-failed', '-o', 'json')).stdout);
    expect(record).toMatchObject({ flow: 'failing', statusSimple: 'FAILED', reason: { code: 'FLOW_FAILED' } });
  });

  it('gives the final record to a program that watches', async () => {
    const { exitCode, stdout } = await slipway('run', 'hello', '--watch', '-o', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ flow: 'hello', status: 'SUCCEEDED' });
  });

  it('cancels a run, whose watcher ends with 8', async () => {
    const watching = startCli(['run', 'slow', '-p', 'seconds=60', '--watch'], { cwd: folder.path });
    await watching.until('\n');
    const runId = watching.output.stdout.split('\n')[0] ?? '';
    await waitForStatus(runId, 'RUNNING');
    const cancelled = await slipway('runs', 'cancel', runId.slice(-6), '--reason', 'wrong date');
    expect(cancelled).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('cancellation asked for') });
    expect((await watching.ended()).exitCode).toBe(8);
    const record = JSON.parse((await slipway('runs', 'get', runId, '-o', 'json')).stdout);
    expect(record.reason.message).toContain('wrong date');
    expect((await slipway('runs', 'cancel', runId)).stderr).toContain('CANCELLED already');
  });

  it('lets a run go on when the watching is interrupted, with exit code 130', async () => {
    const watching = startCli(['run', 'slow', '-p', 'seconds=2', '--watch'], { cwd: folder.path });
    await watching.until('\n');
    const runId = watching.output.stdout.split('\n')[0] ?? '';
    await waitForStatus(runId, 'RUNNING');
    watching.child.kill('SIGINT');
    const { exitCode, stderr } = await watching.ended();
    expect(exitCode).toBe(130);
    expect(stderr).toContain('the run goes on');
    await waitForStatus(runId, 'SUCCEEDED');
  });

  it('makes one run of two wishes with one idempotency key', async () => {
    const first = await slipway('run', 'hello', '--idempotency-key', 'k1', '--watch');
    const second = await slipway('run', 'hello', '--idempotency-key', 'k1');
    expect(second.stdout.trim()).toBe(first.stdout.split('\n')[0]);
  });

  it('refuses to watch a run id that is taken', async () => {
    await slipway('run', 'hello', '--run-id', 'mine', '--watch');
    const { exitCode, stderr } = await slipway('run', 'hello', '--run-id', 'mine', '--watch');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('run mine is on record already, SUCCEEDED');
  });

  it('says of a flow that nobody has what there is instead', async () => {
    const { exitCode, stderr } = await slipway('run', 'helo', '--watch');
    expect(exitCode).toBe(6);
    expect(stderr).toContain('there is no flow "helo"; did you mean "hello"?');
  });

  it('does not find a run that there is not', async () => {
    const { exitCode, stderr } = await slipway('runs', 'get', 'nosuchrun');
    expect(exitCode).toBe(5);
    expect(stderr).toContain('there is no run "nosuchrun"');
  });

  it('refuses a second one in the same folder, and says where the first one is', async () => {
    const { exitCode, stderr } = await slipway('dev');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('"slipway dev" runs in this folder already: http://127.0.0.1:');
  });

  it('ends its tasks and itself on SIGTERM', async () => {
    const runId = (await slipway('run', 'slow', '-p', 'seconds=300')).stdout.trim();
    await waitForStatus(runId, 'RUNNING');
    const { endpoint } = JSON.parse(await readFile(join(folder.path, '.slipway', 'dev.json'), 'utf8'));
    const tasks = descendantsOf(dev.child.pid);
    expect(tasks.length).toBeGreaterThan(0);
    dev.child.kill('SIGTERM');
    expect((await dev.ended()).exitCode).toBe(0);
    await expect(readFile(join(folder.path, '.slipway', 'dev.json'))).rejects.toThrow('ENOENT');
    await expect(fetch(endpoint)).rejects.toThrow();
    await expect.poll(() => tasks.filter(isRunning), { timeout: 10_000 }).toEqual([]);
    const orphaned = await slipway('runs', 'ls', '--local');
    expect(orphaned.exitCode).toBe(5);
  });
});
