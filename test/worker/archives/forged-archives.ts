import { crc32, deflateRawSync } from 'node:zlib';
import { type HostileArchive, headerPatched, tarOf, zipOf } from './hostile-archives.ts';

/** An entry of a zip as its headers say it (APPNOTE.TXT 4.3.7, 4.3.12), whatever is true. */
interface ForgedEntry {
  readonly name: string;
  /** Where its local header is said to be. */
  readonly at?: number;
  readonly extra?: Buffer;
  /** Said instead of the true sizes. */
  readonly said?: number;
}

const U32 = 0xffff_ffff;

/** A zip with one content, and as many entries in its directory as are wanted. */
function zipOfForged(content: Buffer, entries: readonly ForgedEntry[]): Buffer {
  const packed = deflateRawSync(content, { level: 9 });
  const sizes = [crc32(content), packed.length, content.length];
  const local = Buffer.concat([fields([0x04034b50], [20, 0, 8, 0, 0], sizes, [1, 0]), Buffer.from('x'), packed]);
  const directory = Buffer.concat(entries.map((entry) => directoryEntry(entry, sizes)));
  const count = entries.length;
  return Buffer.concat([
    local,
    directory,
    fields([0x06054b50], [0, 0, count, count], [directory.length, local.length], [0]),
  ]);
}

function directoryEntry(
  { name, at = 0, extra = Buffer.alloc(0), said }: ForgedEntry,
  sizes: readonly number[],
): Buffer {
  const shown = said === undefined ? sizes : [sizes[0] ?? 0, said, said];
  const [nameBytes, mode] = [Buffer.from(name), (0o100644 << 16) >>> 0];
  const head = fields([0x02014b50], [0x0314, 45, 0, 8, 0, 0], shown, [nameBytes.length, extra.length, 0, 0, 0]);
  return Buffer.concat([head, fields([mode, at], []), nameBytes, extra]);
}

/** Numbers of four bytes and of two, in turns. */
function fields(...groups: readonly (readonly number[])[]): Buffer {
  const parts = groups.flatMap((group, index) =>
    group.map((value) => {
      const buffer = Buffer.alloc(index % 2 === 0 ? 4 : 2);
      if (index % 2 === 0) buffer.writeUInt32LE(value);
      else buffer.writeUInt16LE(value);
      return buffer;
    }),
  );
  return Buffer.concat(parts);
}

/** The field that says sizes and place of an entry once more, for large ones (APPNOTE.TXT 4.5.3). */
function zip64(...values: readonly bigint[]): Buffer {
  const numbers = values.map((value) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigUInt64LE(value);
    return buffer;
  });
  return Buffer.concat([fields([], [1, 8 * values.length]), ...numbers]);
}

/** The field that says an entry's name once more, in Unicode (APPNOTE.TXT 4.6.9). */
function unicodeName(name: string, of: string): Buffer {
  const value = Buffer.concat([Buffer.from([1]), fields([crc32(of)]), Buffer.from(name)]);
  return Buffer.concat([fields([], [0x7075, value.length]), value]);
}

const names = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `f${index}` }));
const swelling = Buffer.alloc(90_000, '0');
/** Where the directory of a forged zip with that content begins. */
const BEFORE_DIRECTORY = 31 + deflateRawSync(swelling, { level: 9 }).length;
const pax = (fields: Record<string, string>) => tarOf([[{ name: 'a', pax: fields }, 'text']]);
const plain = () => tarOf([[{ name: 'a' }, 'x'.repeat(600)]]);
const SIZE = 124;
const TYPE = 156;
const PREFIX = 345;

const NAME = /name of an entry is not allowed|invalid relative path/;
const KIND = /link or a device/;

/** Archives that no tool writes by mistake: headers that contradict their content, or each other. */
export const FORGED: readonly HostileArchive[] = [
  zip('whose entries share their bytes', () => zipOfForged(swelling, names(400)), /it grows more than 100 times/),
  {
    what: 'a zip of many entries that swell a little each',
    format: 'zip',
    bytes: () => zipOf(names(60).map(({ name }) => [name, { text: '0'.repeat(1_000_000), compress: true }])),
    refusal: /it grows more than 100 times/,
  },
  zip(
    'that goes up by a second name',
    () => zipOfForged(swelling, [{ name: 'kind', extra: unicodeName('../evil', 'kind') }]),
    NAME,
  ),
  zip('whose zip64 sizes are beyond all numbers', () => large(2n ** 63n, 2n ** 63n, 0n), /larger than/),
  zip('whose zip64 size is an exabyte', () => large(2n ** 60n, 200n, 0n), /grows more than|larger than/),
  zip('whose zip64 place is outside', () => large(90_000n, 200n, 2n ** 52n), /unexpected EOF/),
  zip('whose content is outside', () => zipOfForged(swelling, [{ name: 'a', at: 10_000_000 }]), /unexpected EOF/),
  zip(
    'whose content is its own directory',
    () => zipOfForged(swelling, [{ name: 'a', at: BEFORE_DIRECTORY }]),
    /local file header signature: 0x2014b50/,
  ),
  {
    what: 'a zip with a link that looks like a folder',
    format: 'zip',
    bytes: () => linkLikeFolder(),
    refusal: KIND,
  },
  { what: 'a zip with a file without a name', format: 'zip', bytes: () => zipOf([['.', 'x']]), refusal: NAME },
  tar('is sparse by a pax header', () => pax({ 'GNU.sparse.major': '1', 'GNU.sparse.name': '../evil' }), /sparse/),
  tar('is sparse as GNU has it', async () => headerPatched(await plain(), TYPE, 'S'), KIND),
  tar('goes on from another volume', async () => headerPatched(await plain(), TYPE, 'M'), KIND),
  tar('has a zero byte in its pax name', () => pax({ path: 'a\0../evil' }), NAME),
  tar('is larger by its pax header', () => pax({ size: '99999999999999' }), /larger than/),
  tar('is smaller than nothing by its pax header', () => pax({ size: '-5' }), /Invalid header/),
  tar('has a pax size that is no number', () => pax({ size: 'abc' }), /Invalid header/),
  tar(
    'is larger than all numbers',
    async () => headerPatched(await plain(), SIZE, `\x80${'\xff'.repeat(11)}`),
    /larger than/,
  ),
  tar(
    'is smaller than nothing',
    async () => headerPatched(await plain(), SIZE, '\xff'.repeat(12)),
    /Invalid tar header/,
  ),
  tar('goes up by its prefix', async () => headerPatched(await plain(), PREFIX, '../../x'), NAME),
  tar('has no name', async () => headerPatched(await plain(), 0, '\0'), NAME),
  tar('lies very deep', () => tarOf([[{ name: `${'d/'.repeat(65)}f` }, 'x']]), NAME),
  tar('has a name that no disk takes', () => tarOf([[{ name: 'n'.repeat(256) }, 'x']]), NAME),
];

function zip(what: string, bytes: () => Buffer, refusal: RegExp): HostileArchive {
  return { what: `a zip ${what}`, format: 'zip', bytes: async () => bytes(), refusal };
}

function tar(what: string, bytes: () => Promise<Buffer>, refusal: RegExp): HostileArchive {
  return { what: `a tar in which an entry ${what}`, format: 'tar', bytes, refusal };
}

/** Of its entry the directory says: look into the field for large ones. */
function large(unpacked: bigint, packed: bigint, at: bigint): Buffer {
  return zipOfForged(swelling, [{ name: 'a', at: U32, said: U32, extra: zip64(unpacked, packed, at) }]);
}

async function linkLikeFolder(): Promise<Buffer> {
  const link = await zipOf([['linked', { text: '/etc', mode: 0o120777 }]]);
  return Buffer.from(link.toString('latin1').replaceAll('linked', 'linke/'), 'latin1');
}
