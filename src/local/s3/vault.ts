import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Named pieces of bytes. Names are paths of safe characters, with `/` between folders. */
export interface Vault {
  /** Puts the whole content in place at once: a reader, or a start after a kill, sees the old content or the new one. */
  write(name: string, content: readonly Buffer[]): void;
  /** The bytes from `start` up to `end` (exclusive), or to the end. */
  read(name: string, start?: number, end?: number): Buffer;
  /** Removes a file; that there is none is no error. */
  remove(name: string): void;
  /** Removes a folder with all that is in it. */
  removeFolder(folder: string): void;
  /** The names directly inside a folder, without the folder's own. */
  list(folder: string): readonly string[];
}

/** Files below a folder. Reads and writes are synchronous, so that nothing happens between a check and its write. */
export class DiskVault implements Vault {
  readonly #root: string;
  readonly #drafts: string;

  constructor(root: string) {
    this.#root = root;
    this.#drafts = join(root, 'drafts');
    rmSync(this.#drafts, { recursive: true, force: true }); // of writes that a kill cut short
    mkdirSync(this.#drafts, { recursive: true });
  }

  write(name: string, content: readonly Buffer[]): void {
    const draft = join(this.#drafts, randomUUID());
    const path = join(this.#root, name);
    if (content.length === 1 && content[0]) writeFileSync(draft, content[0]);
    else writeAll(draft, content);
    mkdirSync(dirname(path), { recursive: true });
    renameSync(draft, path);
  }

  read(name: string, start = 0, end?: number): Buffer {
    const file = openSync(join(this.#root, name), 'r');
    try {
      const size = (end ?? fstatSync(file).size) - start;
      const bytes = Buffer.allocUnsafe(Math.max(0, size));
      let done = 0;
      while (done < bytes.length) {
        const read = readSync(file, bytes, done, bytes.length - done, start + done);
        if (read === 0) break;
        done += read;
      }
      return bytes.subarray(0, done);
    } finally {
      closeSync(file);
    }
  }

  remove(name: string): void {
    rmSync(join(this.#root, name), { force: true });
  }

  removeFolder(folder: string): void {
    rmSync(join(this.#root, folder), { recursive: true, force: true });
  }

  list(folder: string): readonly string[] {
    try {
      return readdirSync(join(this.#root, folder));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }
}

/** The same in memory, for a local AWS without a state folder. */
export class MemoryVault implements Vault {
  readonly #files = new Map<string, Buffer>();

  write(name: string, content: readonly Buffer[]): void {
    this.#files.set(name, Buffer.concat(content));
  }

  read(name: string, start = 0, end?: number): Buffer {
    const content = this.#files.get(name);
    if (content === undefined) throw new Error(`nothing is kept under ${name}`);
    return content.subarray(start, end);
  }

  remove(name: string): void {
    this.#files.delete(name);
  }

  removeFolder(folder: string): void {
    for (const path of this.#files.keys()) if (path.startsWith(`${folder}/`)) this.#files.delete(path);
  }

  list(folder: string): readonly string[] {
    const inside = [...this.#files.keys()].filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))];
  }
}

function writeAll(path: string, content: readonly Buffer[]): void {
  const file = openSync(path, 'wx');
  try {
    for (const bytes of content) {
      let done = 0;
      while (done < bytes.length) done += writeSync(file, bytes, done);
    }
  } finally {
    closeSync(file);
  }
}
