import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import type { Fault } from '../core/fault.ts';
import { FLOW_ENTRY_NAMES } from '../core/flow-entry-names.ts';
import { err, ok, type Result } from '../core/result.ts';
import { deterministicZip } from './deterministic-zip.ts';

/** A flow's code as one file for S3. */
export interface PackedArtifact {
  /** `flow.mjs`, `flow.js` or `flow.zip`: its ending tells the worker what it is. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
}

const MAX_BYTES = 50 * 1024 ** 2;
/** A zip is what `slipway flows build` has made. */
const FILE_ENDINGS = ['.mjs', '.js', '.zip'];

const ENTRY_NAMES = [...FLOW_ENTRY_NAMES, 'package.json'];

const FILE_HINT = "check the flow's artifact: a path is relative to the flow's file";

/** Belongs to the folder, not to the flow. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', '.slipway', '.DS_Store']);

/** Packs a module or a zip as it is, and a folder as a zip. Equal content gives equal bytes on every machine. */
export async function packArtifact(path: string): Promise<Result<PackedArtifact, Fault>> {
  try {
    // A link to the artifact is followed, as deployments like to have one; links inside it are not.
    const stats = await stat(path);
    if (stats.isDirectory()) return await packFolder(path);
    if (!stats.isFile() || !FILE_ENDINGS.includes(extname(path))) return err(notAnArtifact(path));
    if (stats.size > MAX_BYTES) return err(tooLarge(path));
    return ok(packed(`flow${extname(path)}`, await readFile(path)));
  } catch (error) {
    if (!isFileError(error)) throw error;
    return err({ place: { file: error.path ?? path }, message: `cannot be read: ${error.message}`, hint: FILE_HINT });
  }
}

async function packFolder(folder: string): Promise<Result<PackedArtifact, Fault>> {
  const files: PackedFile[] = [];
  const fault = await collect(folder, '', files);
  if (fault !== undefined) return err(fault);
  if (!files.some(({ name }) => ENTRY_NAMES.includes(name))) {
    return err({
      place: { file: folder },
      message: 'has no flow.mjs',
      hint: `it needs one of ${ENTRY_NAMES.join(', ')}`,
    });
  }
  if (files.reduce((sum, { size }) => sum + size, 0) > MAX_BYTES) return err(tooLarge(folder));
  return ok(packed('flow.zip', await zipOf(folder, files)));
}

interface PackedFile {
  /** Relative to the folder, with slashes. */
  readonly name: string;
  readonly size: number;
  readonly isExecutable: boolean;
}

/** Gathers the files below `prefix` in the order of their names, or finds the first thing that cannot be packed. */
async function collect(folder: string, prefix: string, files: PackedFile[]): Promise<Fault | undefined> {
  const names = await readdir(join(folder, prefix));
  for (const own of names.sort()) {
    const name = `${prefix}${own}`;
    if (LEFT_OUT.has(own) || name.endsWith('node_modules/.bin')) continue;
    const stats = await lstat(join(folder, name));
    const fault = stats.isDirectory() ? await collect(folder, `${name}/`, files) : faultOf(folder, name, stats);
    if (fault !== undefined) return fault;
    if (stats.isFile()) files.push({ name, size: stats.size, isExecutable: (stats.mode & 0o100) !== 0 });
  }
  return undefined;
}

function faultOf(
  folder: string,
  name: string,
  stats: { isFile(): boolean; isSymbolicLink(): boolean },
): Fault | undefined {
  if (stats.isFile()) return undefined;
  const message = stats.isSymbolicLink() ? 'is a link, and links are not packed' : 'is neither a file nor a folder';
  return { place: { file: resolve(folder, name) }, message, hint: 'put the files themselves there' };
}

async function zipOf(folder: string, files: readonly PackedFile[]): Promise<Uint8Array> {
  const entries = files.map(async ({ name, isExecutable }) => ({
    name,
    isExecutable,
    bytes: await readFile(join(folder, name)),
  }));
  return deterministicZip(await Promise.all(entries));
}

function packed(fileName: string, bytes: Uint8Array): PackedArtifact {
  return { fileName, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function notAnArtifact(path: string): Fault {
  return {
    place: { file: path },
    message: 'is no artifact',
    hint: 'an artifact is a .mjs, .js or .zip file, or a folder',
  };
}

/** What the file system says; anything else would be a bug of ours. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function tooLarge(path: string): Fault {
  return {
    place: { file: path },
    message: `is larger than ${MAX_BYTES / 1024 ** 2} MiB`,
    hint: 'put large files into S3 or into the image, and let the flow read them there',
  };
}
