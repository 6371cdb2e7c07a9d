import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isAwsError } from '../aws/call-error.ts';
import type { FileStore } from '../core/file-store.ts';
import { isJsonMap, type JsonMap } from '../core/json.ts';
import { parseJsonText } from '../core/parse-json-text.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Clock } from '../service/clock.ts';
import { describeError } from '../service/log.ts';
import { ArchiveRefused } from './archives/archive-gate.ts';
import { unpackArchive } from './archives/unpack-archive.ts';
import { backOff } from './backoff.ts';
import type { GivenParameters } from './env.ts';
import { findFlowEntry } from './flow-entry.ts';

export interface FetchDeps {
  readonly files: FileStore;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

const TRIES = 4;
const MODULE_ENDINGS = ['.mjs', '.js'];

/** Puts a flow's module, or its unpacked archive, into the empty folder; resolves to the module to run, or says why there is none. */
export async function fetchFlow(deps: FetchDeps, uri: string, folder: string): Promise<Result<string, string>> {
  const ending = extname(uri);
  if (ending !== '.zip' && !MODULE_ENDINGS.includes(ending)) {
    return err(`the artifact has to be a .mjs, .js or .zip file: ${uri}`);
  }
  const bytes = await fetchObject(deps, uri, 'artifact');
  if (!bytes.ok) return bytes;
  if (ending === '.zip') return unpack(bytes.value, uri, folder);
  const path = join(folder, `flow${ending}`);
  await writeFile(path, bytes.value);
  return ok(path);
}

/** The parameters, from S3 if they were too large for the task's environment. */
export async function fetchParameters(deps: FetchDeps, given: GivenParameters): Promise<Result<JsonMap, string>> {
  if (given.kind === 'inline') return ok(given.values);
  const bytes = await fetchObject(deps, given.uri, 'parameters');
  if (!bytes.ok) return bytes;
  const parsed = parseJsonText(Buffer.from(bytes.value).toString('utf8'));
  if (parsed.ok && isJsonMap(parsed.value)) return ok(parsed.value);
  return err(`the parameters at ${given.uri} are no JSON object`);
}

async function unpack(bytes: Uint8Array, uri: string, folder: string): Promise<Result<string, string>> {
  try {
    await unpackArchive(bytes, 'zip', folder);
  } catch (error) {
    if (error instanceof ArchiveRefused) return err(`the archive ${uri} is refused: ${error.message}`);
    throw error;
  }
  const entry = await findFlowEntry(folder);
  if (entry !== undefined) return ok(entry);
  return err(`the archive ${uri} has no flow.mjs, no index.mjs, and no package.json whose main is a file`);
}

async function fetchObject(
  { files, clock, stop }: FetchDeps,
  uri: string,
  what: string,
): Promise<Result<Uint8Array, string>> {
  for (let tries = 1; ; tries += 1) {
    try {
      const bytes = await files.get(uri);
      return bytes === undefined ? err(`${uri} (the ${what}) does not exist`) : ok(bytes);
    } catch (error) {
      if (tries === TRIES || stop.aborted || isAwsError(error, 'AccessDenied', 'NoSuchBucket')) {
        return err(`the ${what} at ${uri} cannot be read: ${describeError(error)}`);
      }
      await backOff(clock, tries, stop);
    }
  }
}
