import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { type AdmittedEntry, type ArchiveEntry, type ArchiveGate, ArchiveRefused } from './archive-gate.ts';
import { writeEntry } from './write-entry.ts';

/** Unix file types, in the upper half of an entry's external attributes (stat(2), `S_IFMT`). */
const TYPE_MASK = 0o170000;
const FILE_TYPES: readonly number[] = [0, 0o100000];
const FOLDER_TYPE = 0o040000;

/** Unpacks a zip into a folder, entry by entry through the gate. */
export async function unzip(bytes: Buffer, folder: string, gate: ArchiveGate): Promise<void> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true });
  gate.checkCount(zip.entryCount);
  for await (const entry of zip.eachEntry()) {
    const admitted = admit(entry, gate);
    // The sizes may lie; yauzl ends a stream that is longer than its entry says.
    gate.checkWhole(bytes.length);
    await writeEntry(folder, admitted, admitted.kind === 'folder' ? NOTHING : undamaged(zip, entry));
  }
}

function admit(entry: Entry, gate: ArchiveGate): AdmittedEntry {
  const { fileName, uncompressedSize, compressedSize } = entry;
  // yauzl refuses absolute names, `..` and backslashes itself: that it does is too important to be left to it alone.
  const admitted = gate.admit(describe(entry));
  if (entry.isEncrypted()) throw new ArchiveRefused(`an entry is encrypted: ${fileName.slice(0, 200)}`);
  gate.checkRatio(uncompressedSize, compressedSize, `the entry ${fileName.slice(0, 200)}`);
  gate.count(uncompressedSize);
  return admitted;
}

/** A folder has no bytes, whatever its entry says. */
const NOTHING: AsyncIterable<Uint8Array> = (async function* () {})();

function describe({ fileName, externalFileAttributes }: Entry): ArchiveEntry {
  const attributes = externalFileAttributes >>> 16;
  const type = attributes & TYPE_MASK;
  const mode = attributes & ~TYPE_MASK;
  if (fileName.endsWith('/'))
    return { name: fileName, kind: type === 0 || type === FOLDER_TYPE ? 'folder' : 'other', mode };
  return { name: fileName, kind: FILE_TYPES.includes(type) ? 'file' : 'other', mode };
}

/** Passes an entry's bytes on and holds them against its checksum, which yauzl does not. */
async function* undamaged(zip: ZipFile, entry: Entry): AsyncIterable<Uint8Array> {
  const { fileName, crc32: expected } = entry;
  let sum = 0;
  // Opened when it is read: a stream that fails before anybody listens would end the process.
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== expected) throw new ArchiveRefused(`an entry is damaged: ${fileName.slice(0, 200)}`);
}
