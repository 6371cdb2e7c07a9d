import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder, type Folder, type RunningCli, runCliProcess, startCli } from './cli-process.ts';

let folder: Folder;
let running: RunningCli | undefined;

beforeEach(async () => {
  folder = await emptyFolder();
});
afterEach(async () => {
  running?.child.kill('SIGKILL');
  await running?.ended();
  running = undefined;
  await folder.remove();
});

/** Starts it, waits until it says that it is there, and asks it to stop. */
async function startAndStop(args: readonly string[], says: string): Promise<string> {
  running = startCli(args, { cwd: folder.path });
  await running.until(says);
  running.child.kill('SIGTERM');
  const { exitCode, stdout, stderr } = await running.ended();
  expect(exitCode).toBe(0);
  return stdout + stderr;
}

describe('what runs on this machine', () => {
  it.each([
    { args: ['local', '--port', '0'], says: 'export AWS_ENDPOINT_URL=' },
    { args: ['dev', '--port', '0', '--config', resolve('config/agent.yaml')], says: 'Ready.' },
  ])('keeps its state in the folder that --state names: slipway $args.0', async ({ args, says }) => {
    expect(await startAndStop([...args, '--state', 'kept'], says)).toContain(join(folder.path, 'kept'));
    expect(await readdir(join(folder.path, 'kept'))).toContain('ecs.jsonl');
  });

  it.each(['local', 'dev'])('cannot keep state and be ephemeral at once: slipway %s', async (command) => {
    const { exitCode, stderr } = await runCliProcess([command, '--state', 'kept', '--ephemeral'], { cwd: folder.path });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Arguments ephemeral and state are mutually exclusive');
  });

  it('leaves nothing behind when it is ephemeral', async () => {
    await startAndStop(['local', '--port', '0', '--ephemeral'], 'export AWS_ENDPOINT_URL=');
    expect(await readdir(folder.path)).toEqual([]);
  });
});
