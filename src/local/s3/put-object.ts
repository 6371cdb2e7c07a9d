import { createHash } from 'node:crypto';
import { type Checksum, checkedPayload, headerOf } from './checked-payload.ts';
import { readTagHeader } from './object-tagging.ts';
import { checkWriteConditions } from './preconditions.ts';
import { ENCRYPTED, emptyReply, type S3Operation } from './s3-reply.ts';
import { keyOf, type S3Request } from './s3-request.ts';
import { keptHeaders, type ObjectRecord } from './stored-object.ts';

/** PutObject. */
export const putObject: S3Operation = (request, body, { buckets, now }) => {
  const bucket = buckets.require(request.bucket);
  const key = keyOf(request);
  const { content, checksum } = checkedPayload(request, body);
  checkWriteConditions(request, bucket.find(key));
  const record: ObjectRecord = {
    ...newRecord(request, key, now()),
    size: content.length,
    etag: etagOf(content),
    checksum,
  };
  bucket.put(record, [content]);
  return emptyReply({ etag: record.etag, ...ENCRYPTED, ...checksumHeaders(checksum) });
};

/** What the headers of a request say about the object that it makes. */
export function newRecord(request: S3Request, key: string, now: number) {
  return {
    key,
    modifiedAt: Math.floor(now / 1000) * 1000,
    headers: keptHeaders(request),
    tags: readTagHeader(request.header('x-amz-tagging')),
  };
}

/** The ETag of bytes that were sent in one request: their MD5. */
export function etagOf(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}

/** A checksum as headers of an answer. */
export function checksumHeaders(checksum: Checksum | undefined): Readonly<Record<string, string>> {
  if (checksum === undefined) return {};
  return { [headerOf(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}
