import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PackageRef } from '../../src/worker/env.ts';
import { runWorker } from '../../src/worker/run-worker.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { MemoryRunDetails } from '../fakes/memory-run-details.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { tarGzOf, zipOf } from './archives/hostile-archives.ts';
import { processDeps, startingRun, TASK, workerEnv } from './fixtures.ts';

let files: MemoryFileStore;
let scratch: string;
const before = process.env.TMPDIR;
beforeEach(async () => {
  files = new MemoryFileStore();
  scratch = await mkdtemp(join(tmpdir(), 'packages-'));
  process.env.TMPDIR = scratch;
});
afterEach(async () => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await rm(scratch, { recursive: true, force: true });
});

async function run(depPackages: readonly PackageRef[], command: readonly string[], artifactS3Uri?: string) {
  const [store, deps] = [new MemoryRunStore(), processDeps()];
  store.seed(startingRun());
  const env = workerEnv({ depPackages, ...(artifactS3Uri === undefined ? {} : { artifactS3Uri }) });
  const exitCode = await runWorker(env, TASK, command, { ...deps, store, files, details: new MemoryRunDetails() });
  const run = store.peek('run-1');
  const result = run && 'result' in run ? run.result : undefined;
  return { exitCode, result, stdout: deps.stdout.text, stderr: deps.stderr.text };
}

const ZIP = 's3://acme/dep-packages/my-deps.zip';
const TAR = 's3://acme/dep-packages/models.tar.gz';

/** A Python package as pip installs it without building anything (Python Packaging User Guide, "Binary distribution format"). */
function wheelOf(name: string, version: string, module: string): Promise<Buffer> {
  const info = `${name}-${version}.dist-info`;
  const files: readonly (readonly [string, string])[] = [
    [`${name}.py`, module],
    [`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`],
    [`${info}/WHEEL`, 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n'],
  ];
  const listed = [...files.map(([path]) => path), `${info}/RECORD`].map((path) => `${path},,\n`).join('');
  return zipOf([...files, [`${info}/RECORD`, listed]]);
}

/** Images without Python, or without pip, install nothing: there is nothing to show where this machine is like them. */
const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;

describe('packages that a flow builds on', () => {
  it('are found by Python programs, in the order of the deployment', async () => {
    await files.put(
      ZIP,
      await zipOf([
        ['custom_module/__init__.py', 'WORD = "from zip"'],
        ['second.py', 'X = 1'],
      ]),
    );
    await files.put(
      TAR,
      await tarGzOf([
        [{ name: 'models/__init__.py' }, 'WORD = "from tar"'],
        [{ name: 'second.py' }, 'X = 2'],
      ]),
    );
    const program = 'import custom_module, models, second; print(custom_module.WORD, models.WORD, second.X)';
    const { exitCode, stdout, stderr } = await run([{ uri: ZIP }, { uri: TAR }], ['python3', '-c', program]);
    expect(stderr).toBe('');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'from zip from tar 1\n' });
    expect(await readdir(scratch)).toEqual([]);
  });

  it('are imported by name by Node flows: a package, an archive of npm pack, and what brings its node_modules', async () => {
    const named = (name: string) => JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' });
    await files.put(
      ZIP,
      await zipOf([
        ['package.json', named('plain')],
        ['index.js', 'export default "plain"'],
      ]),
    );
    await files.put(
      TAR,
      await tarGzOf([
        [{ name: 'package/package.json' }, named('@acme/packed')],
        [{ name: 'package/index.js' }, 'export default "packed"'],
        [{ name: 'node_modules/@acme/deep/package.json' }, named('@acme/deep')],
        [{ name: 'node_modules/@acme/deep/index.js' }, 'export default "deep"'],
      ]),
    );
    await files.put(
      's3://acme/flow.mjs',
      `import plain from 'plain'; import packed from '@acme/packed'; import deep from '@acme/deep';
       export default () => [plain, packed, deep];`,
    );
    const { result } = await run([{ uri: ZIP }, { uri: TAR }], [], 's3://acme/flow.mjs');
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: ['plain', 'packed', 'deep'] });
  });

  it('are required by a Node command, before what NODE_PATH of the image says', async () => {
    await files.put(
      ZIP,
      await zipOf([
        ['package.json', JSON.stringify({ name: 'plain', version: '1.0.0', main: 'index.js' })],
        ['index.js', 'module.exports = "plain"'],
      ]),
    );
    const given = process.env.NODE_PATH;
    process.env.NODE_PATH = '/image/modules';
    try {
      const program = 'console.log(require("plain"), process.env.NODE_PATH.split(":").at(-1))';
      const { stdout, stderr } = await run([{ uri: ZIP }], ['node', '-e', program]);
      expect({ stdout, stderr }).toEqual({ stdout: 'plain /image/modules\n', stderr: '' });
    } finally {
      if (given === undefined) delete process.env.NODE_PATH;
      else process.env.NODE_PATH = given;
    }
  });

  it('are checked against the size and hash that are known of them', async () => {
    const bytes = await zipOf([['a.py', '']]);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await files.put(ZIP, bytes);
    const command = ['true'];
    expect(await run([{ uri: ZIP, sha256, bytes: bytes.length }], command)).toMatchObject({ exitCode: 0 });
    const replaced = await run([{ uri: ZIP, sha256: 'a'.repeat(64) }], command);
    expect(replaced.result?.message).toContain(`should have ${'a'.repeat(64)}`);
    const cut = await run([{ uri: ZIP, bytes: 7 }], command);
    expect(cut.result?.message).toContain('should have 7');
  });

  it('fail the run with words when one is missing, or hostile', async () => {
    expect((await run([{ uri: ZIP }], ['true'])).result?.message).toBe(`${ZIP} (the package) does not exist`);
    await files.put(TAR, await tarGzOf([[{ name: '../evil' }, 'x']]));
    expect((await run([{ uri: TAR }], ['true'])).result?.message).toContain('is refused: the name of an entry');
    expect(await readdir(scratch)).toEqual([]);
  });

  it.skipIf(!hasPip)(
    'have their requirements installed by pip, from where requirements.txt says, beside what the image has',
    async () => {
      const requirements = '--no-index\n--find-links ./wheels\ngreeting == 1.2.3\n';
      await files.put(
        ZIP,
        await zipOf([
          ['requirements.txt', requirements],
          [
            'wheels/greeting-1.2.3-py3-none-any.whl',
            { text: await wheelOf('greeting', '1.2.3', 'WORD = "installed"\n') },
          ],
          ['own.py', 'import greeting; WORD = greeting.WORD'],
        ]),
      );
      const { exitCode, stdout, stderr } = await run([{ uri: ZIP }], ['python3', '-c', 'import own; print(own.WORD)']);
      expect(exitCode, stderr).toBe(0);
      expect(stdout).toBe('installed\n');
      expect(await readdir(scratch)).toEqual([]);
    },
  );

  it.skipIf(!hasPip)('say what pip said when it cannot install what they require', async () => {
    await files.put(ZIP, await zipOf([['requirements.txt', './no-such-package-here\n']]));
    const { exitCode, result } = await run([{ uri: ZIP }], ['python3', '-c', 'print("not reached")']);
    expect(exitCode).toBe(1);
    expect(result?.message).toContain('pip could not install what the packages require');
  });

  it('come with the artifact of a command, which runs in its folder', async () => {
    await files.put(
      's3://acme/flow.zip',
      await zipOf([
        ['main.py', 'import near; print(near.WORD)'],
        ['near.py', 'WORD = "near"'],
      ]),
    );
    expect(await run([], ['python3', 'main.py'], 's3://acme/flow.zip')).toMatchObject({
      exitCode: 0,
      stdout: 'near\n',
    });
  });
});
