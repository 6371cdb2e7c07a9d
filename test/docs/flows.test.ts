import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from '../../src/cli/env.ts';
import { type InProcessResult, runInProcess } from '../cli/cli-in-process.ts';
import { emptyFolder, type Folder, type RunningCli, startCli } from '../cli/cli-process.ts';
import { codeBlocks } from './code-blocks.ts';

const run = promisify(execFile);

const BLOCKS = codeBlocks(readFileSync('docs/flows.md', 'utf8'));
const COMMANDS = BLOCKS.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n'));
const FILES = BLOCKS.flatMap(({ file, text }) => (file === undefined ? [] : [{ file, text }]));

let folder: Folder;
let dev: RunningCli;

/** A project as a reader of the page would have it, with `slipway dev` running in it. */
beforeAll(async () => {
  folder = await emptyFolder();
  for (const { file, text } of FILES) await folder.write(file, text);
  await folder.write('package.json', '{ "type": "module" }');
  await mkdir(join(folder.path, 'node_modules'));
  await symlink(resolve('.'), join(folder.path, 'node_modules/slipway'));
  dev = startCli(['dev', '--ephemeral'], { cwd: folder.path });
  await dev.until('Ready.');
});
afterAll(async () => {
  dev.child.kill('SIGKILL');
  await dev.ended();
  await folder.remove();
});

function slipway(line: string): Promise<InProcessResult> {
  const [, ...argv] = line.split(' ');
  return runInProcess(argv, { cwd: folder.path, env: readEnv({ USER: 'ada' }) });
}

describe('docs/flows.md', () => {
  it('has files and commands', () => {
    expect(FILES.map(({ file }) => file)).toEqual([
      'src/orders.ts',
      'src/data/orders.json',
      'src/orders.test.ts',
      'src/orders.settings.yaml',
      'src/cached.ts',
    ]);
    expect(COMMANDS).toHaveLength(10);
  });

  it('has flows that TypeScript in its strictest form takes', async () => {
    const config = {
      extends: resolve('tsconfig.json'),
      compilerOptions: { typeRoots: [resolve('node_modules/@types')] },
      include: ['src'],
    };
    await folder.write('tsconfig.json', JSON.stringify(config));
    const tsc = resolve('node_modules/.bin/tsc');
    const { stdout } = await run(tsc, ['-p', folder.path], { cwd: folder.path }).catch((error) => error);
    expect(stdout).toBe('');
  });

  it('has a test that passes by the command it names', async () => {
    const tsx = resolve('node_modules/.bin/tsx');
    const { stdout } = await run(tsx, ['--test', 'src/orders.test.ts'], { cwd: folder.path });
    expect(stdout).toMatch(/# pass 2\n/);
    expect(stdout).toMatch(/# fail 0\n/);
  });

  it('has a graph that is drawn as it says', async () => {
    const drawn = BLOCKS.find(({ language }) => language === 'text')?.text;
    expect((await slipway('slipway flows graph src/orders.ts')).stdout).toBe(drawn);
  });

  it('has a flow with a cache that can be built', async () => {
    expect(await slipway('slipway flows validate src/cached.ts')).toMatchObject({ exitCode: 0 });
  });

  it.each(COMMANDS)('has a command that works after those before it: %s', async (line) => {
    const { exitCode, stdout, stderr } = await slipway(line);
    expect(exitCode, stdout + stderr).toBe(0);
  });

  it('tells of a result that the record of the run has', async () => {
    const { stdout } = await slipway('slipway runs get orders@last -o json');
    expect(JSON.parse(stdout)).toMatchObject({ status: 'SUCCEEDED', output: { total: 166, largest: [120, 46] } });
  });
});
