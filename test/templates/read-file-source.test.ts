import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fileSourceReader } from '../../src/templates/read-file-source.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sources-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a file is read once, and again when it has changed', async () => {
  const path = join(folder, 'a.yaml');
  await writeFile(path, 'a: 1');
  const first = await fileSourceReader.read(path);
  if (!first.ok || first.value === 'unchanged') throw new Error('is read');
  expect(new TextDecoder().decode(first.value.bytes)).toBe('a: 1');
  expect(await fileSourceReader.read(path, first.value.etag)).toEqual({ ok: true, value: 'unchanged' });
  await writeFile(path, 'a: 12');
  expect(await fileSourceReader.read(path, first.value.etag)).toMatchObject({ ok: true, value: { ref: path } });
});

it('what is missing, a folder, or too large is said to be so', async () => {
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'big.yaml'), 'x'.repeat(256 * 1024 + 1));
  expect(await fileSourceReader.read(join(folder, 'no.yaml'))).toMatchObject({ error: { problem: 'not-found' } });
  expect(await fileSourceReader.read(join(folder, 'sub'))).toMatchObject({ error: { problem: 'folder' } });
  expect(await fileSourceReader.read(join(folder, 'big.yaml'))).toMatchObject({ error: { problem: 'too-large' } });
});

it('a device without an end is not read to its end', async () => {
  const source = await fileSourceReader.read('/dev/zero');
  expect(source.ok && source.value !== 'unchanged' && source.value.bytes.byteLength).toBe(256 * 1024 + 1);
});

it('a folder is listed by ending, sorted, without hidden files and folders below', async () => {
  await mkdir(join(folder, 'sub.yaml'));
  for (const name of ['b.yaml', 'a.yml', '.c.yaml', 'd.txt', '.#b.yaml']) await writeFile(join(folder, name), '');
  expect(await fileSourceReader.list(folder, ['.yaml', '.yml'])).toEqual({
    ok: true,
    value: [join(folder, 'a.yml'), join(folder, 'b.yaml')],
  });
  expect(await fileSourceReader.list(join(folder, 'none'), ['.yaml'])).toMatchObject({
    error: { problem: 'not-found' },
  });
});
