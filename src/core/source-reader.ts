import type { Result } from './result.ts';

/** Bytes of a document, with what tells whether it has changed. */
export interface Source {
  /** As it was asked for: a path, or `s3://bucket/key`. */
  readonly ref: string;
  readonly bytes: Uint8Array;
  /** S3's ETag, or size and modification time of a file; opaque. */
  readonly etag: string;
}

export type SourceProblem = 'not-found' | 'folder' | 'denied' | 'too-large' | 'unavailable';

export interface SourceFailure {
  readonly ref: string;
  readonly problem: SourceProblem;
  /** In the words of the file system or of S3. */
  readonly evidence: string;
}

/** Reads documents that people keep on disk or in S3. */
export interface SourceReader {
  /** The document, or `unchanged` if its etag is still `knownEtag`. */
  read(ref: string, knownEtag?: string): Promise<Result<Source | 'unchanged', SourceFailure>>;
  /** The documents directly in a folder or below an `s3://` prefix whose names end in one of `endings`, sorted. */
  list(ref: string, endings: readonly string[]): Promise<Result<readonly string[], SourceFailure>>;
  /** Where a document or folder really is once links are followed; the reference itself where nothing is or leads. */
  realPath(ref: string): Promise<string>;
}
