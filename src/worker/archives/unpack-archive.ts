import type { ArchiveFormat } from './archive-format.ts';
import { ARCHIVE_LIMITS, ArchiveGate, type ArchiveLimits, ArchiveRefused, isOfDisk } from './archive-gate.ts';
import { untar } from './untar.ts';
import { unzip } from './unzip.ts';

/**
 * Unpacks an archive into an empty folder. Refuses, with an {@link ArchiveRefused}, what would leave the folder, overwrite,
 * link, change users, or swell beyond the limits; what was written until then stays for the caller to remove.
 */
export async function unpackArchive(
  bytes: Uint8Array,
  format: ArchiveFormat,
  folder: string,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<void> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const gate = new ArchiveGate(limits);
  try {
    if (buffer.length === 0) throw new ArchiveRefused('it is empty');
    if (format === 'zip') await unzip(buffer, folder, gate);
    else await untar(buffer, folder, gate, format === 'tar.gz');
    gate.checkNotEmpty();
  } catch (error) {
    // Whatever is wrong with it, to its author it is the archive.
    if (error instanceof ArchiveRefused || isOfDisk(error)) throw error;
    throw new ArchiveRefused(error instanceof Error ? error.message : String(error));
  }
}
