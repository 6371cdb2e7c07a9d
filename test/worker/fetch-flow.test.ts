import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import type { FetchDeps } from '../../src/worker/fetch-file.ts';
import { entryOf, fetchArtifact, fetchParameters } from '../../src/worker/fetch-flow.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { hastyClock } from './fixtures.ts';

let folder: string;
let files: MemoryFileStore;
let deps: FetchDeps;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fetch-flow-'));
  files = new MemoryFileStore();
  deps = { files, clock: hastyClock(), stop: new AbortController().signal };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The module to run. */
async function fetchFlow(deps: FetchDeps, uri: string, folder: string) {
  const fetched = await fetchArtifact(deps, uri, folder);
  return fetched.ok ? entryOf(uri, fetched.value.folder) : fetched;
}

async function putZip(names: Readonly<Record<string, string>>): Promise<string> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(names)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  await files.put('s3://b/flow.zip', await buffer(zip.outputStream));
  return 's3://b/flow.zip';
}

describe("fetching a flow's code", () => {
  it('puts a module there under a name that keeps its kind', async () => {
    await files.put('s3://b/x/etl.mjs', 'export default 1');
    expect(await fetchFlow(deps, 's3://b/x/etl.mjs', folder)).toEqual({ ok: true, value: join(folder, 'flow.mjs') });
    expect(await readFile(join(folder, 'flow.mjs'), 'utf8')).toBe('export default 1');
  });

  it.each([
    [{ 'flow.mjs': '', 'index.mjs': '', 'package.json': '{"main":"lib/a.js"}', 'lib/a.js': '' }, 'flow.mjs'],
    [{ 'index.mjs': '', 'package.json': '{"main":"lib/a.js"}', 'lib/a.js': '' }, 'index.mjs'],
    [{ 'package.json': '{"main":"./lib/a.js"}', 'lib/a.js': '' }, 'lib/a.js'],
  ])('begins in %j with %s', async (names, entry) => {
    expect(await fetchFlow(deps, await putZip(names), folder)).toEqual({ ok: true, value: join(folder, entry) });
  });

  it.each([
    [{ 'readme.md': '' }],
    [{ 'package.json': '{"main":"../../etc/passwd"}' }],
    [{ 'package.json': '{"main":"/etc/passwd"}' }],
    [{ 'package.json': '{"main":"missing.js"}' }],
    [{ 'package.json': '{"main":7}' }],
    [{ 'package.json': 'no json' }],
  ])('says so when %j has nothing to begin with', async (names) => {
    expect(await fetchFlow(deps, await putZip(names), folder)).toMatchObject({
      ok: false,
      error: expect.stringContaining('has no flow.mjs'),
    });
  });

  it('says what is wrong with an artifact that is missing, refused, or of another kind', async () => {
    await files.put('s3://b/bad.zip', 'no zip');
    const errorOf = async (uri: string) => {
      const result = await fetchFlow(deps, uri, folder);
      return result.ok ? '' : result.error;
    };
    expect(await errorOf('s3://b/none.mjs')).toBe('s3://b/none.mjs (the artifact) does not exist');
    expect(await errorOf('s3://b/bad.zip')).toMatch(/^the archive s3:\/\/b\/bad.zip is refused: /);
    expect(await errorOf('s3://b/flow.rar')).toBe(
      'the artifact has to be a .mjs, .js, .zip or .tar.gz file: s3://b/flow.rar',
    );
  });

  it('refuses an artifact that is not the one whose hash its folder is named after', async () => {
    const sha256 = createHash('sha256').update('export default 1').digest('hex');
    const uri = `s3://b/artifacts/etl/${sha256}/flow.mjs`;
    await files.put(uri, 'export default 1');
    expect(await fetchArtifact(deps, uri, folder)).toEqual({ ok: true, value: { folder, sha256 } });
    await files.put(uri, 'export default 2');
    expect(await fetchArtifact(deps, uri, folder)).toMatchObject({
      ok: false,
      error: expect.stringContaining(`should have ${sha256}: it was replaced or damaged`),
    });
  });

  it('tries again when S3 is away, and does not when it refuses', async () => {
    let calls = 0;
    const bytes = Buffer.from('x');
    files.get = async () => {
      calls += 1;
      if (calls < 4) throw new Error('away');
      return bytes;
    };
    expect(await fetchFlow(deps, 's3://b/a.mjs', folder)).toMatchObject({ ok: true });
    files.get = async () => {
      calls += 1;
      throw Object.assign(new Error('Access Denied'), { name: 'AccessDenied' });
    };
    calls = 0;
    expect(await fetchFlow(deps, 's3://b/a.mjs', folder)).toEqual({
      ok: false,
      error: 'the artifact at s3://b/a.mjs cannot be read: AccessDenied: Access Denied',
    });
    expect(calls).toBe(1);
  });
});

describe('fetching parameters', () => {
  it('takes them from the environment, or from where that says they are', async () => {
    expect(await fetchParameters(deps, { kind: 'inline', values: { a: 1 } })).toEqual({ ok: true, value: { a: 1 } });
    await files.put('s3://b/p.json', '{"a":"ключ"}');
    expect(await fetchParameters(deps, { kind: 's3', uri: 's3://b/p.json' })).toEqual({
      ok: true,
      value: { a: 'ключ' },
    });
  });

  it('says so when there are none, or when they are no JSON object', async () => {
    expect(await fetchParameters(deps, { kind: 's3', uri: 's3://b/none.json' })).toEqual({
      ok: false,
      error: 's3://b/none.json (the parameters) does not exist',
    });
    await files.put('s3://b/list.json', '[1]');
    expect(await fetchParameters(deps, { kind: 's3', uri: 's3://b/list.json' })).toMatchObject({ ok: false });
  });
});
