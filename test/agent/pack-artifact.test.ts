import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { packArtifact } from '../../src/agent/pack-artifact.ts';

const FLOW = 'export default async () => 1;\n';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pack-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>, folder = 'flow'): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
  }
  return join(root, folder);
}

async function packed(path: string) {
  const result = await packArtifact(path);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function namesIn(bytes: Uint8Array): Promise<string[]> {
  const names: string[] = [];
  for await (const { fileName } of (await fromBufferPromise(Buffer.from(bytes), { lazyEntries: true })).eachEntry()) {
    names.push(fileName);
  }
  return names;
}

describe('a packed artifact', () => {
  it('is the module itself when that is a file', async () => {
    const folder = await write({ 'etl.mjs': FLOW, 'old.js': FLOW });
    const { fileName, bytes, sha256 } = await packed(join(folder, 'etl.mjs'));
    expect(fileName).toBe('flow.mjs');
    expect(Buffer.from(bytes).toString()).toBe(FLOW);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await packed(join(folder, 'old.js'))).fileName).toBe('flow.js');
  });

  it('is the zip itself when that was built before', async () => {
    const folder = await write({ 'etl-1.0.0.zip': 'PK' });
    const { fileName, bytes } = await packed(join(folder, 'etl-1.0.0.zip'));
    expect(fileName).toBe('flow.zip');
    expect(Buffer.from(bytes).toString()).toBe('PK');
  });

  it('is a zip of a folder, its names in order, dependencies with it', async () => {
    const folder = await write({ 'flow.mjs': FLOW, 'b/x.csv': 'x', 'a.mjs': '', 'node_modules/dep/index.js': '' });
    const { fileName, bytes } = await packed(folder);
    expect(fileName).toBe('flow.zip');
    expect(await namesIn(bytes)).toEqual(['a.mjs', 'b/x.csv', 'flow.mjs', 'node_modules/dep/index.js']);
  });

  it('has equal bytes for equal content, whatever the dates, the order of writing and the time zone', async () => {
    const one = await write({ 'flow.mjs': FLOW, 'a/data.csv': '1,2\n', 'z.txt': 'z' });
    const two = await write({ 'z.txt': 'z', 'a/data.csv': '1,2\n', 'flow.mjs': FLOW }, 'copy');
    await utimes(join(two, 'flow.mjs'), 1, 1);
    expect((await packed(two)).sha256).toBe((await packed(one)).sha256);
    const module = pathToFileURL(join(import.meta.dirname, '../../dist/agent/pack-artifact.js')).href;
    const program = `import('${module}').then(async (m) => console.log((await m.packArtifact(process.argv[1])).value.sha256))`;
    for (const zone of ['Pacific/Kiritimati', 'America/Los_Angeles']) {
      const printed = execFileSync(process.execPath, ['-e', program, one], { env: { ...process.env, TZ: zone } });
      expect(printed.toString().trim(), zone).toBe((await packed(one)).sha256);
    }
  });

  it('has other bytes when a name, a byte or the right to execute differs', async () => {
    const hashes = new Set<string>();
    const folder = await write({ 'flow.mjs': FLOW, 'tool.sh': 'echo' });
    hashes.add((await packed(folder)).sha256);
    await chmod(join(folder, 'tool.sh'), 0o755);
    hashes.add((await packed(folder)).sha256);
    await writeFile(join(folder, 'tool.sh'), 'echo 1');
    hashes.add((await packed(folder)).sha256);
    await write({ 'more.txt': '' });
    hashes.add((await packed(folder)).sha256);
    expect(hashes.size).toBe(4);
  });

  it('leaves out what belongs to the folder and not to the flow', async () => {
    const folder = await write({ 'flow.mjs': FLOW, '.git/HEAD': 'ref', '.DS_Store': '', '.slipway/state': '' });
    await write({ 'node_modules/.bin/tool': '' });
    expect(await namesIn((await packed(folder)).bytes)).toEqual(['flow.mjs']);
  });
});

describe('what cannot be packed', () => {
  async function faultOf(path: string) {
    const result = await packArtifact(path);
    return result.ok ? undefined : result.error;
  }

  it('is a path where nothing is', async () => {
    const path = join(root, 'nothing');
    expect(await faultOf(path)).toMatchObject({ place: { file: path }, message: expect.stringContaining('ENOENT') });
  });

  it('is a file of another kind', async () => {
    const folder = await write({ 'flow.py': 'print(1)' });
    expect(await faultOf(join(folder, 'flow.py'))).toMatchObject({ message: 'is no artifact' });
  });

  it('is a folder with nothing to begin with', async () => {
    const folder = await write({ 'data.csv': '1', 'deep/flow.mjs': FLOW });
    expect(await faultOf(folder)).toMatchObject({ message: 'has no flow.mjs' });
  });

  it('is a folder with a link in it: what it leads to is not ours to send', async () => {
    const folder = await write({ 'flow.mjs': FLOW });
    await symlink('/etc/hostname', join(folder, 'secret.txt'));
    const fault = await faultOf(folder);
    expect(fault).toMatchObject({
      place: { file: join(folder, 'secret.txt') },
      message: expect.stringContaining('link'),
    });
  });

  it('is more than 50 MiB, as a file and as a folder', async () => {
    const folder = await write({ 'flow.mjs': FLOW, 'big.bin': '', 'huge.mjs': '' });
    await truncate(join(folder, 'huge.mjs'), 50 * 1024 ** 2 + 1);
    expect(await faultOf(join(folder, 'huge.mjs'))).toMatchObject({ message: 'is larger than 50 MiB' });
    expect(await faultOf(folder)).toMatchObject({ message: 'is larger than 50 MiB' });
  });
});
