import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import { type ArchiveEntry, type ArchiveGate, ArchiveRefused } from './archive-gate.ts';
import { writeEntry } from './write-entry.ts';

const KINDS: Readonly<Record<string, ArchiveEntry['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
};

/** Unpacks a tar, or with `gzip` a tar.gz, into a folder, entry by entry through the gate. */
export async function untar(bytes: Buffer, folder: string, gate: ArchiveGate, gzip: boolean): Promise<void> {
  const entries = extract();
  const source = Readable.from(gzip ? counted(bytes, gate) : [bytes], { objectMode: false });
  const feeding = pipeline(source, entries);
  const writing = unpackAll(entries, folder, gate);
  const [fed, written] = await Promise.allSettled([feeding, writing]);
  // Whichever fails first ends the other: a refusal of what comes in is why no more came out, and else it is the other way round.
  if (fed.status === 'rejected' && fed.reason instanceof ArchiveRefused) throw fed.reason;
  if (written.status === 'rejected') throw written.reason;
  if (fed.status === 'rejected') throw fed.reason;
}

async function unpackAll(entries: Extract, folder: string, gate: ArchiveGate): Promise<void> {
  for await (const entry of entries) {
    const { name, type, mode = 0, size = 0, pax } = entry.header;
    // GNU tar says in words of its own what the file is called, and puts a map of its holes where the content would be.
    if (isSparse(pax)) throw new ArchiveRefused(`an entry is sparse: ${name.slice(0, 200)}`);
    const admitted = gate.admit({ name, kind: KINDS[type ?? ''] ?? 'other', mode });
    // Before anything is written: a sparse or forged size says at once what would come.
    gate.count(size);
    await writeEntry(folder, admitted, contentOf(entry, name));
    if (admitted.kind === 'folder') entry.resume();
  }
}

function isSparse(pax: unknown): boolean {
  return typeof pax === 'object' && Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'));
}

/** An entry's bytes. Its own iterator, unlike a pipe, tells when the archive ends before the entry does. */
async function* contentOf(entry: AsyncIterable<unknown>, name: string): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of entry) if (chunk instanceof Uint8Array) yield chunk;
  } catch {
    throw new ArchiveRefused(`it ends within an entry: ${name.slice(0, 200)}`);
  }
}

/** The tar inside a gzip. What comes out is watched while it does: a bomb is refused after its first megabytes. */
async function* counted(bytes: Buffer, gate: ArchiveGate): AsyncIterable<Buffer> {
  let unpacked = 0;
  const source = Readable.from([bytes], { objectMode: false });
  const gunzip = createGunzip();
  source.pipe(gunzip);
  for await (const chunk of gunzip) {
    const buffer: Buffer = chunk;
    unpacked += buffer.length;
    gate.checkRatio(unpacked, bytes.length, 'it');
    yield buffer;
  }
}
