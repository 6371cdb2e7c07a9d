import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

export interface ZipEntry {
  /** Relative, with slashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isExecutable?: boolean;
}

/**
 * A zip whose bytes follow from names and content alone, on every machine: entries in the order of their names, one date for
 * all, and no compression, whose output depends on the processor and on the version of zlib.
 */
export async function deterministicZip(entries: readonly ZipEntry[]): Promise<Uint8Array> {
  const zip = new ZipFile();
  // yazl writes local time, and takes what is too early for the format as its first moment: the same in every time zone.
  const dated = { mtime: new Date(0), forceDosTimestamp: true, compress: false };
  for (const { name, bytes, isExecutable = false } of [...entries].sort(byName)) {
    zip.addBuffer(Buffer.from(bytes), name, { ...dated, mode: isExecutable ? 0o100755 : 0o100644 });
  }
  zip.end();
  return buffer(zip.outputStream);
}

/** Not by the rules of a language: those differ between machines. */
function byName(a: ZipEntry, b: ZipEntry): number {
  return a.name < b.name ? -1 : 1;
}
