import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveFormatOf } from '../../../src/worker/archives/archive-format.ts';
import { ARCHIVE_LIMITS } from '../../../src/worker/archives/archive-gate.ts';
import { unpackArchive } from '../../../src/worker/archives/unpack-archive.ts';
import { FORGED } from './forged-archives.ts';
import { HOSTILE, tarGzOf, tarOf, zipOf } from './hostile-archives.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unpack-'));
  folder = join(root, 'work');
  await mkdir(folder);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const TOOL = { name: 'bin/tool', mode: 0o755 };

async function expectRestored(): Promise<void> {
  expect(await readFile(join(folder, 'flow.mjs'), 'utf8')).toBe('export default 1');
  expect((await readFile(join(folder, 'data/ключ.csv'), 'utf8')).length).toBe(4000);
  expect((await stat(join(folder, 'bin/tool'))).mode & 0o111).toBe(0o111);
  expect((await stat(join(folder, 'flow.mjs'))).mode & 0o111).toBe(0);
}

describe('unpacking an archive', () => {
  it('restores files, folders and the right to execute from a zip', async () => {
    const zip = await zipOf([
      ['flow.mjs', 'export default 1'],
      ['bin/tool', { text: '#!/bin/sh', mode: 0o100755 }],
      ['data/ключ.csv', { text: 'a,b\n'.repeat(1000), compress: true }],
    ]);
    await unpackArchive(zip, 'zip', folder);
    await expectRestored();
  });

  it.each(['tar', 'tar.gz'] as const)('restores the same from a %s as tar(1) writes it', async (format) => {
    const pack = format === 'tar' ? tarOf : tarGzOf;
    const archive = await pack([
      [{ name: './', type: 'directory' }],
      [{ name: './flow.mjs' }, 'export default 1'],
      [{ name: './bin/', type: 'directory' }],
      [TOOL, '#!/bin/sh'],
      [{ name: './data/ключ.csv' }, 'a,b\n'.repeat(1000)],
    ]);
    await unpackArchive(archive, format, folder);
    await expectRestored();
  });

  it.each([...HOSTILE, ...FORGED])('refuses $what', async ({ format, bytes, refusal }) => {
    const unpacking = unpackArchive(await bytes(), format, folder);
    await expect(unpacking).rejects.toMatchObject({ name: 'ArchiveRefused', message: expect.stringMatching(refusal) });
    expect(await readdir(root)).toEqual(['work']);
  });

  it.each(['zip', 'tar.gz'] as const)(
    'refuses a %s that is larger than its limits in all, or has more entries',
    async (format) => {
      const archive =
        format === 'zip'
          ? await zipOf([
              ['a', '12345'],
              ['b', '12345'],
            ])
          : await tarGzOf([
              [{ name: 'a' }, '12345'],
              [{ name: 'b' }, '12345'],
            ]);
      const unpacking = unpackArchive(archive, format, folder, { ...ARCHIVE_LIMITS, unpackedBytes: 9 });
      await expect(unpacking).rejects.toThrow('larger than 9 bytes');
      const crowd = unpackArchive(archive, format, join(folder, 'crowd'), { ...ARCHIVE_LIMITS, entries: 1 });
      await expect(crowd).rejects.toThrow('more than 1 entries');
    },
  );

  it('ends with the files or with a refusal, and writes nothing outside, whatever becomes of the bytes on their way', async () => {
    const text = ['flow.mjs', 'export default 1'] as const;
    const sound = {
      zip: await zipOf([text, ['lib/a.js', { text: 'x'.repeat(3000), compress: true }]]),
      tar: await tarOf([[{ name: 'a', pax: { path: 'ключ' } }, 'x'.repeat(600)]]),
      'tar.gz': await tarGzOf([[{ name: text[0] }, text[1]]]),
    } as const;
    const damage = fc.record({ at: fc.nat(4_000), byte: fc.nat(255), cut: fc.boolean() });
    const kind = fc.constantFrom('zip', 'tar', 'tar.gz');
    let count = 0;
    await fc.assert(
      fc.asyncProperty(kind, fc.array(damage, { minLength: 1, maxLength: 4 }), async (format, damages) => {
        count += 1;
        await mkdir(join(folder, String(count)));
        const unpacking = unpackArchive(damaged(sound[format], damages), format, join(folder, String(count)));
        await unpacking.catch((error: unknown) => expect(error).toMatchObject({ name: 'ArchiveRefused' }));
        expect(await readdir(root)).toEqual(['work']);
      }),
      { numRuns: 200 },
    );
    expect((await readdir(folder)).length).toBe(count);
  });

  it('knows an archive by its name', () => {
    const names = ['a.zip', 'B.TAR.GZ', 'c.tgz', 'd.tar', 'e.whl', 'f.gz'];
    expect(names.map(archiveFormatOf)).toEqual(['zip', 'tar.gz', 'tar.gz', 'tar', undefined, undefined]);
  });
});

/** The bytes with some of them changed, or lost. */
function damaged(sound: Buffer, damages: readonly { at: number; byte: number; cut: boolean }[]): Buffer {
  return damages.reduce((bytes, { at, byte, cut }) => {
    const place = at % Math.max(bytes.length, 1);
    const changed = Buffer.from(bytes);
    if (place < changed.length) changed[place] = byte;
    return cut ? Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + byte)]) : changed;
  }, sound);
}
