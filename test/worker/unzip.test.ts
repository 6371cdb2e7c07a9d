import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { UNZIP_LIMITS, unzip } from '../../src/worker/unzip.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unzip-'));
  folder = join(root, 'work');
  await mkdir(folder);
});
afterEach(() => rm(root, { recursive: true, force: true }));

type Content = string | { readonly text: string; readonly mode?: number; readonly compress?: boolean };

async function zipOf(entries: readonly (readonly [string, Content])[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of entries) {
    const { text, ...options } = typeof content === 'string' ? { text: content } : content;
    zip.addBuffer(Buffer.from(text), name, options);
  }
  zip.end();
  return buffer(zip.outputStream);
}

/** The archive with a name changed behind yazl's back, which writes no bad ones. */
async function zipNamed(name: string): Promise<Buffer> {
  const innocent = 'n'.repeat(Buffer.byteLength(name));
  const zip = await zipOf([[innocent, 'text']]);
  return Buffer.from(zip.toString('latin1').replaceAll(innocent, Buffer.from(name).toString('latin1')), 'latin1');
}

/** Changes a field of the first entry in the archive's directory (APPNOTE.TXT 4.3.12). */
function patched(zip: Buffer, offset: number, change: (value: number) => number): Buffer {
  const at = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + offset;
  zip.writeUInt32LE(change(zip.readUInt32LE(at)) >>> 0, at);
  return zip;
}

const FLAGS = 8;
const UNCOMPRESSED_SIZE = 24;

describe('unzipping', () => {
  it('restores files, folders and the right to execute', async () => {
    const zip = await zipOf([
      ['flow.mjs', 'export default 1'],
      ['bin/tool', { text: '#!/bin/sh', mode: 0o100755 }],
      ['data/ключ.csv', { text: 'a,b\n'.repeat(1000), compress: true }],
    ]);
    await unzip(zip, folder);
    expect(await readFile(join(folder, 'flow.mjs'), 'utf8')).toBe('export default 1');
    expect((await readFile(join(folder, 'data/ключ.csv'), 'utf8')).length).toBe(4000);
    expect((await stat(join(folder, 'bin/tool'))).mode & 0o111).toBe(0o111);
    expect((await stat(join(folder, 'flow.mjs'))).mode & 0o111).toBe(0);
  });

  it.each([
    ['goes up', () => zipNamed('../evil')],
    ['goes up from below', () => zipNamed('a/../../evil')],
    ['is absolute', () => zipNamed('/tmp/evil')],
    ['is a Windows path', () => zipNamed('c:\\evil')],
    ['has a backslash', () => zipNamed('..\\evil')],
    ['has a line end in its name', () => zipNamed('a\nevil')],
    ['has a zero byte in its name', () => zipNamed('a\0evil')],
    ['has a name without end', () => zipNamed('x/'.repeat(600))],
    ['is a link', () => zipOf([['link', { text: '/etc/passwd', mode: 0o120777 }]])],
    ['is a device', () => zipOf([['tty', { text: '', mode: 0o020666 }]])],
    ['is a pipe', () => zipOf([['pipe', { text: '', mode: 0o010644 }]])],
    [
      'comes twice',
      () =>
        zipOf([
          ['flow.mjs', 'first'],
          ['flow.mjs', 'second'],
        ]),
    ],
    [
      'is a file where a folder is needed',
      () =>
        zipOf([
          ['a', 'file'],
          ['a/b', 'file'],
        ]),
    ],
    [
      'is a folder where a file is',
      () =>
        zipOf([
          ['a/b', 'file'],
          ['a', 'file'],
        ]),
    ],
    ['is encrypted', async () => patched(await zipOf([['a', 'text']]), FLAGS, (flags) => flags | 1)],
    ['is a bomb', () => zipOf([['zeros', { text: '0'.repeat(20 * 1024 ** 2), compress: true }]])],
    [
      'is longer than it says',
      async () =>
        patched(await zipOf([['a', { text: 'x'.repeat(5000), compress: true }]]), UNCOMPRESSED_SIZE, () => 10),
    ],
    [
      'is shorter than it says',
      async () =>
        patched(await zipOf([['a', { text: 'x'.repeat(50), compress: true }]]), UNCOMPRESSED_SIZE, () => 5000),
    ],
  ])('refuses an archive in which an entry %s', async (_what, make) => {
    await expect(unzip(await make(), folder)).rejects.toMatchObject({ name: 'ArchiveRefused' });
    expect(await readdir(root)).toEqual(['work']);
  });

  it.each([
    ['is empty', async () => Buffer.alloc(0)],
    ['is something else', async () => Buffer.from('<html>not here</html>')],
    ['was cut off', async () => (await zipOf([['flow.mjs', 'text'.repeat(100)]])).subarray(0, -30)],
    [
      'has been damaged',
      async () => {
        const zip = await zipOf([['flow.mjs', { text: 'the flow', compress: false }]]);
        return Buffer.from(zip.toString('latin1').replace('the flow', 'the fl0w'), 'latin1');
      },
    ],
    ['has lost its beginning', async () => (await zipOf([['flow.mjs', 'text'.repeat(100)]])).subarray(50)],
  ])('refuses an archive that %s', async (_what, make) => {
    await expect(unzip(await make(), folder)).rejects.toMatchObject({ name: 'ArchiveRefused' });
  });

  it('refuses an archive beyond the limits: entries, and size in all', async () => {
    const zip = await zipOf([
      ['a', '12345'],
      ['b', '12345'],
    ]);
    await expect(unzip(zip, folder, { ...UNZIP_LIMITS, entries: 1 })).rejects.toThrow('more than 1 entries');
    await expect(unzip(zip, folder, { ...UNZIP_LIMITS, unpackedBytes: 9 })).rejects.toThrow('larger than 9 bytes');
  });
});
