import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { ZipFile } from 'yazl';
import type { ArchiveFormat } from '../../../src/worker/archives/archive-format.ts';

type TarHeader = Partial<Header> & Pick<Header, 'name'>;

export interface HostileArchive {
  readonly what: string;
  readonly format: ArchiveFormat;
  readonly bytes: () => Promise<Buffer>;
  /** The words with which it is refused. */
  readonly refusal: RegExp;
}

type Content = string | { readonly text: string | Buffer; readonly mode?: number; readonly compress?: boolean };

export async function zipOf(entries: readonly (readonly [string, Content])[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of entries) {
    const { text, ...options } = typeof content === 'string' ? { text: content } : content;
    zip.addBuffer(typeof text === 'string' ? Buffer.from(text) : text, name, options);
  }
  zip.end();
  return buffer(zip.outputStream);
}

export async function tarOf(entries: readonly (readonly [TarHeader, string?])[]): Promise<Buffer> {
  const tar = pack();
  for (const [header, text = ''] of entries) tar.entry(header, text);
  tar.finalize();
  return buffer(tar);
}

export async function tarGzOf(entries: readonly (readonly [TarHeader, string?])[]): Promise<Buffer> {
  return gzipSync(await tarOf(entries));
}

/** The archive with a name changed behind yazl's back, which writes no bad ones. */
async function zipNamed(name: string): Promise<Buffer> {
  const innocent = 'n'.repeat(Buffer.byteLength(name));
  const zip = await zipOf([[innocent, 'text']]);
  return Buffer.from(zip.toString('latin1').replaceAll(innocent, Buffer.from(name).toString('latin1')), 'latin1');
}

/** Changes a field of the first entry in a zip's directory (APPNOTE.TXT 4.3.12). */
function patched(zip: Buffer, offset: number, change: (value: number) => number): Buffer {
  const at = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + offset;
  zip.writeUInt32LE(change(zip.readUInt32LE(at)) >>> 0, at);
  return zip;
}

const FLAGS = 8;
const UNCOMPRESSED_SIZE = 24;

/** Writes a field of the first header of a tar and mends its checksum (pax(1), "ustar Interchange Format"). */
export function headerPatched(tar: Buffer, offset: number, text: string): Buffer {
  tar.write(text, offset, 'latin1');
  tar.fill(' ', 148, 156);
  const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return tar;
}

const SIZE = 124;
const TYPE = 156;

const NAME = /name of an entry is not allowed|invalid (relative|characters in) |absolute path/;
const LINK = /link or a device/;
const TWICE = /comes twice|EEXIST|ENOTDIR|EISDIR/;
const RATIO = /grows more than 100 times/;

const zeros = (mega: number) => '0'.repeat(mega * 1024 ** 2);

export const HOSTILE: readonly HostileArchive[] = [
  zip('goes up', () => zipNamed('../evil'), NAME),
  zip('goes up from below', () => zipNamed('a/../../evil'), NAME),
  zip('is absolute', () => zipNamed('/tmp/evil'), NAME),
  zip('is a Windows path', () => zipNamed('c:\\evil'), NAME),
  zip('has a drive letter', () => zipNamed('c:evil'), NAME),
  zip('goes up with backslashes', () => zipNamed('..\\evil'), NAME),
  zip('has a line end in its name', () => zipNamed('a\nevil'), NAME),
  zip('has a zero byte in its name', () => zipNamed('a\0evil'), NAME),
  zip('has a name without end', () => zipNamed('x/'.repeat(600).concat('x')), NAME),
  zip('is a link', () => zipOf([['link', { text: '/etc/passwd', mode: 0o120777 }]]), LINK),
  zip('is a device', () => zipOf([['tty', { text: '', mode: 0o020666 }]]), LINK),
  zip('is a pipe', () => zipOf([['pipe', { text: '', mode: 0o010644 }]]), LINK),
  zip('is setuid', () => zipOf([['sh', { text: '#!/bin/sh', mode: 0o104755 }]]), /setuid/),
  zip('comes twice', () => zipOf(twoOf('flow.mjs', 'flow.mjs')), TWICE),
  zip('comes twice in two spellings', () => zipOf(twoOf('lib/flow.mjs', 'lib/./flow.mjs')), TWICE),
  zip('is a file where a folder is needed', () => zipOf(twoOf('a', 'a/b')), TWICE),
  zip('is a folder where a file is', () => zipOf(twoOf('a/b', 'a')), TWICE),
  zip('is encrypted', async () => patched(await zipOf([['a', 'text']]), FLAGS, (flags) => flags | 1), /encrypted/),
  zip('is a bomb', () => zipOf([['zeros', { text: zeros(20), compress: true }]]), RATIO),
  zip('is longer than it says', () => lying(10), /too many bytes/),
  zip('is shorter than it says', () => lying(50_000), /not enough bytes/),
  zip('says that it is larger than all limits', () => lying(2 ** 31), RATIO),
  zip('is one of very many', crowded, /more than 10000 entries/),
  tar('goes up', [[{ name: '../evil' }, 'text']], NAME),
  tar('goes up from below', [[{ name: 'a/../../evil' }, 'text']], NAME),
  tar('is absolute', [[{ name: '/tmp/evil' }, 'text']], NAME),
  tar('goes up by a pax header', [[{ name: 'a', pax: { path: '../../evil' } }, 'text']], NAME),
  tar('has a backslash', [[{ name: '..\\evil' }, 'text']], NAME),
  tar('is a symbolic link', [[{ name: 'etc', type: 'symlink', linkname: '/etc' }]], LINK),
  tar('is written through a link', [[{ name: 'd', type: 'symlink', linkname: '..' }], [{ name: 'd/evil' }, 'x']], LINK),
  tar('is a hard link', [[{ name: 'shadow', type: 'link', linkname: '/etc/shadow' }]], LINK),
  tar('is a character device', [[{ name: 'tty', type: 'character-device', devmajor: 5 }]], LINK),
  tar('is a block device', [[{ name: 'disk', type: 'block-device', devmajor: 8 }]], LINK),
  tar('is a pipe', [[{ name: 'pipe', type: 'fifo' }]], LINK),
  tar('is setuid', [[{ name: 'sh', mode: 0o4755 }, '#!/bin/sh']], /setuid/),
  tar('is setgid', [[{ name: 'dir', type: 'directory', mode: 0o2755 }]], /setuid/),
  tar(
    'comes twice',
    [
      [{ name: 'flow.mjs' }, '1'],
      [{ name: './flow.mjs' }, '2'],
    ],
    TWICE,
  ),
  tar(
    'is a file where a folder is needed',
    [
      [{ name: 'a' }, '1'],
      [{ name: 'a/b' }, '2'],
    ],
    TWICE,
  ),
  tar('is a bomb', [[{ name: 'zeros' }, zeros(20)]], RATIO),
  raw('is of an unknown kind', async () => headerPatched(await tarOf([[{ name: 'a' }, 'x']]), TYPE, 'Z'), LINK),
  raw(
    'says that it is 64 GiB',
    async () => headerPatched(await tarOf([[{ name: 'a' }, 'x']]), SIZE, '777777777777'),
    /larger than/,
  ),
  raw(
    'is cut off',
    async () => (await tarOf([[{ name: 'a' }, 'x'.repeat(5000)]])).subarray(0, 3000),
    /ends within an entry/,
  ),
  raw(
    'has a damaged header',
    async () => (await tarOf([[{ name: 'abc' }, 'x']])).fill('z', 0, 3),
    /Invalid tar header/,
  ),
  raw('is nothing at all', async () => Buffer.alloc(0), /is empty/),
  raw('is only padding', async () => Buffer.alloc(2048), /no entries/),
  gz(
    'is cut off',
    async () => (await tarGzOf([[{ name: 'a' }, 'text'.repeat(100)]])).subarray(0, -10),
    /unexpected end/,
  ),
  gz('is no gzip', async () => Buffer.from('<html>not here</html>'), /header/),
  {
    what: 'no archive',
    format: 'zip',
    bytes: async () => Buffer.from('<html>not here</html>'),
    refusal: /central directory/i,
  },
  {
    what: 'a zip without its end',
    format: 'zip',
    bytes: async () => (await zipOf(many(1))).subarray(0, -30),
    refusal: /central directory/i,
  },
  {
    what: 'a zip without its beginning',
    format: 'zip',
    bytes: async () => (await zipOf(many(1))).subarray(30),
    refusal: /./,
  },
  { what: 'a zip with a damaged entry', format: 'zip', bytes: damaged, refusal: /damaged/ },
];

function zip(what: string, bytes: () => Promise<Buffer>, refusal: RegExp): HostileArchive {
  return { what: `a zip in which an entry ${what}`, format: 'zip', bytes, refusal };
}

function tar(what: string, entries: readonly (readonly [TarHeader, string?])[], refusal: RegExp): HostileArchive {
  return { what: `a tar.gz in which an entry ${what}`, format: 'tar.gz', bytes: () => tarGzOf(entries), refusal };
}

function raw(what: string, bytes: () => Promise<Buffer>, refusal: RegExp): HostileArchive {
  return { what: `a tar that ${what}`, format: 'tar', bytes, refusal };
}

function gz(what: string, bytes: () => Promise<Buffer>, refusal: RegExp): HostileArchive {
  return { what: `a tar.gz that ${what}`, format: 'tar.gz', bytes, refusal };
}

function twoOf(first: string, second: string): [string, string][] {
  return [
    [first, 'first'],
    [second, 'second'],
  ];
}

function many(count: number): [string, string][] {
  return Array.from({ length: count }, (_, index) => [`f${index}`, '']);
}

async function lying(size: number): Promise<Buffer> {
  return patched(await zipOf([['a', { text: 'x'.repeat(5000), compress: true }]]), UNCOMPRESSED_SIZE, () => size);
}

/** Says in its end record (APPNOTE.TXT 4.3.16) that it has 60 000 entries. */
async function crowded(): Promise<Buffer> {
  const zip = await zipOf(many(1));
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  zip.writeUInt16LE(60_000, end + 8);
  zip.writeUInt16LE(60_000, end + 10);
  return zip;
}

async function damaged(): Promise<Buffer> {
  const whole = await zipOf([['flow.mjs', { text: 'the flow', compress: false }]]);
  return Buffer.from(whole.toString('latin1').replace('the flow', 'the fl0w'), 'latin1');
}
