import { mkdir } from 'node:fs/promises';
import { err, ok, type Result } from '../core/result.ts';
import { archiveFormatOf } from './archives/archive-format.ts';
import { ArchiveRefused } from './archives/archive-gate.ts';
import { type Expected, type FetchDeps, fetchFile } from './fetch-file.ts';

/** Fetches an archive and unpacks it into the folder, which is made; resolves to the folder, or says what is wrong. */
export async function fetchArchive(
  deps: FetchDeps,
  uri: string,
  what: string,
  folder: string,
  expected: Expected = {},
): Promise<Result<string, string>> {
  const bytes = await fetchFile(deps, uri, what, expected);
  return bytes.ok ? unpackInto(folder, bytes.value, uri, what) : bytes;
}

/** Unpacks what was fetched from `uri`. */
export async function unpackInto(
  folder: string,
  bytes: Uint8Array,
  uri: string,
  what: string,
): Promise<Result<string, string>> {
  const format = archiveFormatOf(uri);
  if (format === undefined) return err(`the ${what} has to be a .zip, .tar.gz or .tar file: ${uri}`);
  await mkdir(folder, { recursive: true });
  // Only now: a flow of one module starts without it.
  const { unpackArchive } = await import('./archives/unpack-archive.ts');
  try {
    await unpackArchive(bytes, format, folder);
    return ok(folder);
  } catch (error) {
    if (error instanceof ArchiveRefused) return err(`the archive ${uri} is refused: ${error.message}`);
    throw error;
  }
}
