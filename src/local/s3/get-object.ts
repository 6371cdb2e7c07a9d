import { readRange } from './byte-range.ts';
import { isNotModified } from './preconditions.ts';
import { checksumHeaders } from './put-object.ts';
import { s3Error } from './s3-error.ts';
import { ENCRYPTED, emptyReply, type S3Operation } from './s3-reply.ts';
import { keyOf, type S3Request } from './s3-request.ts';
import type { ObjectRecord } from './stored-object.ts';

/** GetObject and HeadObject: the same answer, but for the body. */
export const getObject: S3Operation = (request, _body, { buckets }) => {
  const bucket = buckets.require(request.bucket);
  refuseVersions(request);
  if (request.query.has('partNumber')) throw s3Error('NotImplemented', { Header: 'partNumber' });
  const record = bucket.require(keyOf(request));
  const validators = { etag: record.etag, 'last-modified': new Date(record.modifiedAt).toUTCString() };
  if (isNotModified(request, record)) return emptyReply(validators, 304);
  const range = readRange(request.header('range'), record.size);
  const { start, end } = range ?? { start: 0, end: record.size };
  const headers = {
    ...describingHeaders(record),
    ...overriddenHeaders(request),
    ...validators,
    'content-length': String(end - start),
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${record.size}` }),
    ...(!range && request.header('x-amz-checksum-mode') === 'ENABLED' && checksumHeaders(record.checksum)),
  };
  const status = range ? 206 : 200;
  return request.method === 'HEAD'
    ? { status, headers }
    : { status, headers, body: bucket.content(record.key, start, end) };
};

/** Objects have one version here, which is called `null` as in a bucket without versioning. */
export function refuseVersions(request: S3Request): void {
  const version = request.query.get('versionId');
  if (version !== null && version !== 'null') throw s3Error('NoSuchVersion', { Key: request.key, VersionId: version });
}

function describingHeaders({ headers, tags }: ObjectRecord): Readonly<Record<string, string>> {
  const count = Object.keys(tags).length;
  return {
    'accept-ranges': 'bytes',
    ...ENCRYPTED,
    ...headers,
    ...(count > 0 && { 'x-amz-tagging-count': String(count) }),
  };
}

/** `response-content-type` and its kin in the query replace headers of the answer (API GetObject). */
function overriddenHeaders({ query }: S3Request): Readonly<Record<string, string>> {
  const overridden = [...query].filter(([name]) => /^response-(cache-control|content-|expires)/.test(name));
  return Object.fromEntries(overridden.map(([name, value]) => [name.slice('response-'.length), value]));
}
