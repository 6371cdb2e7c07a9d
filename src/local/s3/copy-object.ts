import type { Bucket } from './bucket.ts';
import { readRange } from './byte-range.ts';
import { checkCopyConditions, checkWriteConditions } from './preconditions.ts';
import { newRecord } from './put-object.ts';
import { s3Error } from './s3-error.ts';
import { ENCRYPTED, isoTime, type S3Context, type S3Operation, xmlReply } from './s3-reply.ts';
import { keyOf, type S3Request } from './s3-request.ts';
import type { ObjectRecord } from './stored-object.ts';

/** An object named by `x-amz-copy-source`, its conditions checked. */
interface CopySource {
  readonly bucket: Bucket;
  readonly record: ObjectRecord;
}

/** CopyObject. */
export const copyObject: S3Operation = (request, _body, context) => {
  const source = copySource(request, context);
  const target = context.buckets.require(request.bucket);
  const key = keyOf(request);
  checkWriteConditions(request, target.find(key));
  const record = copiedRecord(request, key, source, context.now());
  target.put(record, [source.bucket.content(source.record.key)]);
  return xmlReply('CopyObjectResult', { LastModified: isoTime(record.modifiedAt), ETag: record.etag }, ENCRYPTED);
};

/** The bytes that an UploadPartCopy takes. */
export function copiedBytes(request: S3Request, context: S3Context): Buffer {
  const { bucket, record } = copySource(request, context);
  const range = readRange(request.header('x-amz-copy-source-range'), record.size);
  return bucket.content(record.key, range?.start, range?.end);
}

function copySource(request: S3Request, { buckets }: S3Context): CopySource {
  const [path = '', version] = (request.header('x-amz-copy-source') ?? '').split(/\?versionId=/);
  const whole = decodedPath(path).replace(/^\//, '');
  const slash = whole.indexOf('/');
  if (slash < 1) throw s3Error('InvalidArgument', { ArgumentName: 'x-amz-copy-source', ArgumentValue: path });
  if (version !== undefined && version !== 'null') throw s3Error('NoSuchVersion', { VersionId: version });
  const bucket = buckets.require(whole.slice(0, slash));
  const record = bucket.require(whole.slice(slash + 1));
  checkCopyConditions(request, record);
  return { bucket, record };
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw s3Error('InvalidArgument', { ArgumentName: 'x-amz-copy-source', ArgumentValue: path });
  }
}

function copiedRecord(request: S3Request, key: string, { bucket, record }: CopySource, now: number): ObjectRecord {
  const fresh = newRecord(request, key, now);
  const replaces = request.header('x-amz-metadata-directive') === 'REPLACE';
  const retags = request.header('x-amz-tagging-directive') === 'REPLACE';
  if (bucket.record.name === request.bucket && record.key === key && !replaces) {
    throw s3Error(
      'InvalidRequest',
      {},
      'This copy request is illegal because it is trying to copy an object to itself without changing the ' +
        "object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  return {
    ...record,
    key,
    modifiedAt: fresh.modifiedAt,
    headers: replaces ? fresh.headers : record.headers,
    tags: retags ? fresh.tags : record.tags,
  };
}
