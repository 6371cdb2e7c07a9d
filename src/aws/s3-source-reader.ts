import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { err, ok, type Result } from '../core/result.ts';
import type { Source, SourceFailure, SourceProblem, SourceReader } from '../core/source-reader.ts';
import { callErrorOf } from './call-error.ts';
import { parseS3Uri } from './s3-uri.ts';

/** A configuration document of more bytes than this is a mistake. */
const MAX_BYTES = 1024 * 1024;

/** Reads documents from `s3://` addresses. */
export class S3SourceReader implements SourceReader {
  readonly #s3: S3Client;

  constructor(s3: S3Client) {
    this.#s3 = s3;
  }

  async read(ref: string, knownEtag?: string): Promise<Result<Source | 'unchanged', SourceFailure>> {
    const location = parseS3Uri(ref);
    if (location === undefined) return err({ ref, problem: 'not-found', evidence: 'not an s3://bucket/key address' });
    try {
      const {
        Body,
        ETag,
        ContentLength = 0,
      } = await this.#s3.send(
        new GetObjectCommand({
          Bucket: location.bucket,
          Key: location.key,
          ...(knownEtag === undefined ? {} : { IfNoneMatch: knownEtag }),
        }),
      );
      if (ContentLength > MAX_BYTES) return err({ ref, problem: 'too-large', evidence: `${ContentLength} bytes` });
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return ok({ ref, bytes, etag: ETag ?? '' });
    } catch (error) {
      if (callErrorOf(error).httpStatusCode === 304) return ok('unchanged');
      return err(failureOf(ref, error));
    }
  }

  async list(ref: string, endings: readonly string[]): Promise<Result<readonly string[], SourceFailure>> {
    const location = parseS3Uri(ref);
    if (location === undefined)
      return err({ ref, problem: 'not-found', evidence: 'not an s3://bucket/prefix address' });
    const prefix = location.key === '' || location.key.endsWith('/') ? location.key : `${location.key}/`;
    try {
      return ok(await this.#keysBelow(location.bucket, prefix, endings));
    } catch (error) {
      return err(failureOf(ref, error));
    }
  }

  /** S3 has no links. */
  async realPath(ref: string): Promise<string> {
    return ref;
  }

  async #keysBelow(bucket: string, prefix: string, endings: readonly string[]): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const page of paginateListObjectsV2({ client: this.#s3 }, { Bucket: bucket, Prefix: prefix })) {
      const keys = (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
      found.push(...keys.filter((key) => isDirectlyBelow(prefix, key, endings)));
    }
    return found.sort().map((key) => `s3://${bucket}/${key}`);
  }
}

function isDirectlyBelow(prefix: string, key: string, endings: readonly string[]): boolean {
  const name = key.slice(prefix.length);
  return !name.includes('/') && endings.some((ending) => name.endsWith(ending));
}

const NOT_FOUND: ReadonlySet<string> = new Set(['NoSuchKey', 'NoSuchBucket', 'NotFound']);

function failureOf(ref: string, error: unknown): SourceFailure {
  const { name, message, httpStatusCode } = callErrorOf(error);
  return { ref, problem: problemOf(name, httpStatusCode), evidence: `${name}: ${message}` };
}

/** A missing key is denied, not missing, to one who may not list the bucket (API GetObject). */
function problemOf(name: string, httpStatusCode: number | undefined): SourceProblem {
  if (NOT_FOUND.has(name)) return 'not-found';
  return httpStatusCode === 403 || name === 'CredentialsProviderError' ? 'denied' : 'unavailable';
}
