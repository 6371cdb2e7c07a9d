import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { isJsonMap, type JsonMap } from '../core/json.ts';
import { parseJsonText } from '../core/parse-json-text.ts';
import { err, ok, type Result } from '../core/result.ts';
import { archiveFormatOf } from './archives/archive-format.ts';
import type { GivenParameters } from './env.ts';
import { unpackInto } from './fetch-archive.ts';
import { type Expected, type FetchDeps, fetchFile, sha256Of } from './fetch-file.ts';
import { findFlowEntry } from './flow-entry.ts';

const MODULE_ENDINGS = ['.mjs', '.js'];

/** A flow's code on this disk. */
export interface FetchedArtifact {
  readonly folder: string;
  /** Of the fetched bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Puts a flow's module, or its unpacked archive, into the folder, which is made. */
export async function fetchArtifact(
  deps: FetchDeps,
  uri: string,
  folder: string,
): Promise<Result<FetchedArtifact, string>> {
  const ending = extname(uri);
  const isArchive = archiveFormatOf(uri) !== undefined;
  if (!isArchive && !MODULE_ENDINGS.includes(ending)) {
    return err(`the artifact has to be a .mjs, .js, .zip or .tar.gz file: ${uri}`);
  }
  const bytes = await fetchFile(deps, uri, 'artifact', expectedOf(uri));
  if (!bytes.ok) return bytes;
  const unpacked = isArchive ? await unpackInto(folder, bytes.value, uri, 'artifact') : ok(folder);
  if (!unpacked.ok) return unpacked;
  if (!isArchive) await putModule(join(folder, `flow${ending}`), bytes.value);
  return ok({ folder, sha256: sha256Of(bytes.value) });
}

async function putModule(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

/** The module with which the artifact in this folder begins, or why it has none. */
export async function entryOf(uri: string, folder: string): Promise<Result<string, string>> {
  const module = MODULE_ENDINGS.find((ending) => uri.endsWith(ending));
  if (module !== undefined) return ok(join(folder, `flow${module}`));
  const entry = await findFlowEntry(folder);
  if (entry !== undefined) return ok(entry);
  return err(`the archive ${uri} has no flow.mjs, no index.mjs, and no package.json whose main is a file`);
}

/** The parameters, from S3 if they were too large for the task's environment. */
export async function fetchParameters(deps: FetchDeps, given: GivenParameters): Promise<Result<JsonMap, string>> {
  if (given.kind === 'inline') return ok(given.values);
  const bytes = await fetchFile(deps, given.uri, 'parameters');
  if (!bytes.ok) return bytes;
  const parsed = parseJsonText(Buffer.from(bytes.value).toString('utf8'));
  if (parsed.ok && isJsonMap(parsed.value)) return ok(parsed.value);
  return err(`the parameters at ${given.uri} are no JSON object`);
}

/** Artifacts that Slipway uploads lie in a folder with their SHA-256 for a name. */
function expectedOf(uri: string): Expected {
  const sha256 = /\/([0-9a-f]{64})\/[^/]+$/.exec(uri)?.[1];
  return sha256 === undefined ? {} : { sha256 };
}
