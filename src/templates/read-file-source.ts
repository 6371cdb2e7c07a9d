import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import type { Source, SourceFailure, SourceProblem, SourceReader } from '../core/source-reader.ts';
import { YAML_LIMITS } from './yaml-limits.ts';

const PROBLEMS: Readonly<Record<string, SourceProblem>> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  EACCES: 'denied',
  EPERM: 'denied',
  EISDIR: 'folder',
};

/** Reads documents from the local disk. The etag is a file's size and time of change. */
export const fileSourceReader: SourceReader = {
  read: readFileSource,
  list: listFileSources,
  realPath: (ref) => realpath(ref).catch(() => ref),
};

async function readFileSource(ref: string, knownEtag?: string): Promise<Result<Source | 'unchanged', SourceFailure>> {
  try {
    const { size, mtimeMs, ino } = await stat(ref);
    const etag = `${size}-${mtimeMs}-${ino}`;
    if (etag === knownEtag) return ok('unchanged');
    if (size > YAML_LIMITS.bytes) {
      return err({ ref, problem: 'too-large', evidence: `${size} bytes; at most ${YAML_LIMITS.bytes} are read` });
    }
    return ok({ ref, bytes: await readBytes(ref), etag });
  } catch (error) {
    return err(failureOf(ref, error));
  }
}

/** Reads no more than the limit, whatever `stat` said before: a device or a growing file has no end. */
async function readBytes(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(YAML_LIMITS.bytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return Uint8Array.prototype.slice.call(buffer, 0, length);
  } finally {
    await file.close();
  }
}

async function listFileSources(
  ref: string,
  endings: readonly string[],
): Promise<Result<readonly string[], SourceFailure>> {
  try {
    const entries = await readdir(ref, { withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'));
    const chosen = files.map(({ name }) => name).filter((name) => endings.some((ending) => name.endsWith(ending)));
    return ok(chosen.sort().map((name) => join(ref, name)));
  } catch (error) {
    return err(failureOf(ref, error));
  }
}

function failureOf(ref: string, error: unknown): SourceFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const evidence = error instanceof Error ? error.message : String(error);
  return { ref, problem: PROBLEMS[code] ?? 'unavailable', evidence };
}
