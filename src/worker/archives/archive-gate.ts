/** What an archive may amount to. */
export interface ArchiveLimits {
  readonly entries: number;
  readonly unpackedBytes: number;
  /** Unpacked to packed size, of more than a megabyte. */
  readonly ratio: number;
}

/** Why an archive is not unpacked. */
export class ArchiveRefused extends Error {
  override readonly name = 'ArchiveRefused';
}

export const ARCHIVE_LIMITS: ArchiveLimits = { entries: 10_000, unpackedBytes: 512 * 1024 ** 2, ratio: 100 };

/** An entry as its archive describes it; nothing of it is to be believed. */
export interface ArchiveEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  /** Permission bits (stat(2)). */
  readonly mode: number;
}

export interface AdmittedEntry {
  /** Below the folder, of plain segments only. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly mode: number;
}

const RATIO_COUNTS_FROM = 1024 ** 2;
const MAX_NAME = 1_024;
/** What file systems take of one name (Linux: NAME_MAX), in bytes. */
const MAX_SEGMENT = 255;
/** Ten thousand names could else make five million folders. */
const MAX_DEPTH = 64;

/** setuid, setgid and sticky (stat(2)): a program that changes who it runs as has no place in a flow. */
const SPECIAL_BITS = 0o7000;
const EXECUTABLE = 0o100;

/** Lets an archive's entries in one by one, in words for its author; what it has refused ends the whole archive. */
export class ArchiveGate {
  readonly #limits: ArchiveLimits;
  readonly #seen = new Map<string, AdmittedEntry['kind']>();
  #entries = 0;
  #unpackedBytes = 0;

  constructor(limits: ArchiveLimits = ARCHIVE_LIMITS) {
    this.#limits = limits;
  }

  /** Says where an entry may be written. Throws {@link ArchiveRefused}. */
  admit({ name, kind, mode }: ArchiveEntry): AdmittedEntry {
    this.#entries += 1;
    this.checkCount(this.#entries);
    const shown = name.slice(0, 200);
    if (kind === 'other') throw new ArchiveRefused(`an entry is a link or a device: ${shown}`);
    if ((mode & SPECIAL_BITS) !== 0) throw new ArchiveRefused(`an entry is setuid, setgid or sticky: ${shown}`);
    const path = plainPath(name);
    if (path === undefined || (path === '' && kind === 'file'))
      throw new ArchiveRefused(`the name of an entry is not allowed: ${JSON.stringify(shown)}`);
    const known = this.#seen.get(path);
    if (known !== undefined && !(kind === 'folder' && known === 'folder')) {
      throw new ArchiveRefused(`an entry comes twice: ${shown}`);
    }
    this.#seen.set(path, kind);
    return { path, kind, mode: (mode & EXECUTABLE) === 0 ? 0o644 : 0o755 };
  }

  /** Refuses an archive of so many entries. Throws {@link ArchiveRefused}. */
  checkCount(entries: number): void {
    if (entries > this.#limits.entries) throw new ArchiveRefused(`it has more than ${this.#limits.entries} entries`);
  }

  /** Counts bytes as they come out, or as an entry promises them. Throws {@link ArchiveRefused}. */
  count(bytes: number): void {
    this.#unpackedBytes += bytes;
    if (this.#unpackedBytes > this.#limits.unpackedBytes) {
      throw new ArchiveRefused(`it is larger than ${this.#limits.unpackedBytes} bytes when unpacked`);
    }
  }

  /** An archive without an entry is a mistake of whoever made it. Throws {@link ArchiveRefused}. */
  checkNotEmpty(): void {
    if (this.#entries === 0) throw new ArchiveRefused('it has no entries');
  }

  /** Refuses a zip whose entries swell taken together: many small ones, or several that share their bytes. */
  checkWhole(packedBytes: number): void {
    this.checkRatio(this.#unpackedBytes, packedBytes, 'it');
  }

  /** Refuses what swells, of an entry or of the whole. Throws {@link ArchiveRefused}. */
  checkRatio(unpackedBytes: number, packedBytes: number, what: string): void {
    const { ratio } = this.#limits;
    if (unpackedBytes > RATIO_COUNTS_FROM && unpackedBytes > packedBytes * ratio) {
      throw new ArchiveRefused(`${what} grows more than ${ratio} times when unpacked`);
    }
  }
}

/** The name without empty and `.` segments; undefined for one that could lead anywhere else than below the folder. */
function plainPath(name: string): string | undefined {
  if (name.length > MAX_NAME || /[\p{Cc}\\]/u.test(name) || name.startsWith('/') || /^[a-z]:/i.test(name)) {
    return undefined;
  }
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
  const isPlain = (segment: string) => segment !== '..' && Buffer.byteLength(segment) <= MAX_SEGMENT;
  return segments.length <= MAX_DEPTH && segments.every(isPlain) ? segments.join('/') : undefined;
}

/** A full or failing disk is not the archive's fault; two entries in each other's place are. */
export function isOfDisk(error: unknown): boolean {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO', 'EMFILE'].includes(code);
}
