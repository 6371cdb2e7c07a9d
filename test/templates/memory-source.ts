import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { err, ok } from '../../src/core/result.ts';
import type { SourceReader } from '../../src/core/source-reader.ts';

/** Documents in memory, by path or `s3://` address; a value that is no text is written as JSON, which is YAML. */
export function memorySource(files: Readonly<Record<string, unknown>>): SourceReader {
  const textOf = (ref: string) => {
    const content = Object.hasOwn(files, ref) ? files[ref] : undefined;
    return content === undefined || typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  };
  return {
    async read(ref, knownEtag) {
      const text = textOf(ref.startsWith('s3://') ? ref : posix.normalize(ref));
      if (text === undefined) return err({ ref, problem: 'not-found', evidence: 'no such file' });
      const etag = createHash('sha256').update(text).digest('hex');
      return ok(etag === knownEtag ? 'unchanged' : { ref, bytes: new TextEncoder().encode(text), etag });
    },
    async list(ref, endings) {
      const folder = ref.startsWith('s3://')
        ? ref.replace(/\/*$/, '/')
        : `${posix.normalize(ref).replace(/\/*$/, '')}/`;
      const names = Object.keys(files).filter(
        (name) => name.startsWith(folder) && endings.some((ending) => name.endsWith(ending)),
      );
      return names.length > 0 ? ok(names.sort()) : err({ ref, problem: 'not-found', evidence: 'no such folder' });
    },
    realPath: async (ref) => ref,
  };
}
