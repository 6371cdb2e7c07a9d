import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';

/** What an archive may amount to. */
export interface UnzipLimits {
  readonly entries: number;
  readonly unpackedBytes: number;
  /** Unpacked to packed size, per entry of more than a megabyte. */
  readonly ratio: number;
}

/** Why an archive is not unpacked. */
export class ArchiveRefused extends Error {
  override readonly name = 'ArchiveRefused';
}

export const UNZIP_LIMITS: UnzipLimits = { entries: 50_000, unpackedBytes: 1024 ** 3, ratio: 200 };

const RATIO_COUNTS_FROM = 1024 ** 2;
const MAX_NAME = 1_024;

/** Unix file types, in the upper half of an entry's external attributes (stat(2), `S_IFMT`). */
const TYPE_MASK = 0o170000;
const PLAIN_TYPES: readonly number[] = [0, 0o100000, 0o040000];
const EXECUTABLE = 0o100;

/**
 * Unpacks a zip into an empty folder. Refuses what would leave the folder, overwrite, link, or swell beyond the limits; what
 * was written until then stays for the caller to remove.
 */
export async function unzip(bytes: Uint8Array, folder: string, limits: UnzipLimits = UNZIP_LIMITS): Promise<void> {
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      lazyEntries: true,
      strictFileNames: true,
      validateEntrySizes: true,
    });
    await unpackAll(zip, folder, limits);
  } catch (error) {
    // Whatever is wrong with it, to the flow's author it is the archive.
    if (error instanceof ArchiveRefused || isOfDisk(error)) throw error;
    throw new ArchiveRefused(error instanceof Error ? error.message : String(error));
  }
}

async function unpackAll(zip: ZipFile, folder: string, limits: UnzipLimits): Promise<void> {
  let unpacked = 0;
  if (zip.entryCount > limits.entries) throw new ArchiveRefused(`it has more than ${limits.entries} entries`);
  for await (const entry of zip.eachEntry()) {
    checkEntry(entry, limits);
    // The sizes may lie; yauzl ends a stream that is longer than its entry says.
    unpacked += entry.uncompressedSize;
    if (unpacked > limits.unpackedBytes) {
      throw new ArchiveRefused(`it is larger than ${limits.unpackedBytes} bytes when unpacked`);
    }
    await unpack(zip, entry, folder);
  }
}

function checkEntry(entry: Entry, { ratio }: UnzipLimits): void {
  const { fileName, uncompressedSize, compressedSize } = entry;
  const shown = fileName.slice(0, 200);
  // yauzl refuses absolute names, `..` and backslashes itself: that it does is too important to be left to it alone.
  if (
    /\p{Cc}/u.test(fileName) ||
    isAbsolute(fileName) ||
    fileName.length > MAX_NAME ||
    fileName.split('/').includes('..')
  ) {
    throw new ArchiveRefused(`the name of an entry is not allowed: ${JSON.stringify(shown)}`);
  }
  if (entry.isEncrypted()) throw new ArchiveRefused(`an entry is encrypted: ${shown}`);
  if (!PLAIN_TYPES.includes((entry.externalFileAttributes >>> 16) & TYPE_MASK)) {
    throw new ArchiveRefused(`an entry is a link or a device: ${shown}`);
  }
  if (uncompressedSize > RATIO_COUNTS_FROM && uncompressedSize > compressedSize * ratio) {
    throw new ArchiveRefused(`an entry grows more than ${ratio} times when unpacked: ${shown}`);
  }
}

async function unpack(zip: ZipFile, entry: Entry, folder: string): Promise<void> {
  const path = join(folder, entry.fileName);
  if (entry.fileName.endsWith('/')) {
    await mkdir(path, { recursive: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  const isExecutable = ((entry.externalFileAttributes >>> 16) & EXECUTABLE) !== 0;
  const content = await zip.openReadStreamPromise(entry);
  // `wx`: an entry never replaces another one.
  await pipeline(
    content,
    (chunks: AsyncIterable<Buffer>) => undamaged(entry, chunks),
    createWriteStream(path, { flags: 'wx', mode: isExecutable ? 0o755 : 0o644 }),
  );
}

/** Passes an entry's bytes on and holds them against its checksum, which yauzl does not. */
async function* undamaged({ fileName, crc32: expected }: Entry, chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let sum = 0;
  for await (const chunk of chunks) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== expected) throw new ArchiveRefused(`an entry is damaged: ${fileName.slice(0, 200)}`);
}

/** A full or failing disk is not the archive's fault; two entries in each other's place are. */
function isOfDisk(error: unknown): boolean {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO', 'EMFILE'].includes(code);
}
