import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import type { ObjectRecord } from './stored-object.ts';

/**
 * Checks `If-Match` and `If-None-Match` of a write against what is there (S3 User Guide, "Conditional requests"):
 * `If-None-Match` knows `*` only; `If-Match` on a missing object is `NoSuchKey`.
 */
export function checkWriteConditions(request: S3Request, existing: ObjectRecord | undefined): void {
  const ifMatch = request.header('if-match');
  const ifNoneMatch = request.header('if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw s3Error('NotImplemented', { Header: 'If-None-Match' });
  }
  if (ifNoneMatch !== undefined && existing) throw s3Error('PreconditionFailed', { Condition: 'If-None-Match' });
  if (ifMatch === undefined) return;
  if (!existing) throw s3Error('NoSuchKey', { Key: request.key });
  if (!matches(ifMatch, existing.etag)) throw s3Error('PreconditionFailed', { Condition: 'If-Match' });
}

/**
 * Checks the conditions of a read. Returns whether the client already has this object (304). `If-Match` and
 * `If-None-Match` count before the dates (RFC 9110, 13.2.2).
 */
export function isNotModified(request: S3Request, { etag, modifiedAt }: ObjectRecord): boolean {
  checkReadConditions(request.header('if-match'), request.header('if-unmodified-since'), etag, modifiedAt);
  const ifNoneMatch = request.header('if-none-match');
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, etag);
  const since = timeOf(request.header('if-modified-since'));
  return since !== undefined && modifiedAt <= since;
}

/** The same conditions on the source of a copy; there, an unmet one is always 412. */
export function checkCopyConditions(request: S3Request, { etag, modifiedAt }: ObjectRecord): void {
  const header = (name: string) => request.header(`x-amz-copy-source-${name}`);
  checkReadConditions(header('if-match'), header('if-unmodified-since'), etag, modifiedAt);
  const ifNoneMatch = header('if-none-match');
  const since = timeOf(header('if-modified-since'));
  const unchanged = ifNoneMatch === undefined ? since !== undefined && modifiedAt <= since : matches(ifNoneMatch, etag);
  if (unchanged) throw s3Error('PreconditionFailed', { Condition: 'x-amz-copy-source-If-None-Match' });
}

function checkReadConditions(
  ifMatch: string | undefined,
  unmodifiedSince: string | undefined,
  etag: string,
  modifiedAt: number,
): void {
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, etag)) throw s3Error('PreconditionFailed', { Condition: 'If-Match' });
    return;
  }
  const since = timeOf(unmodifiedSince);
  if (since !== undefined && modifiedAt > since)
    throw s3Error('PreconditionFailed', { Condition: 'If-Unmodified-Since' });
}

/** ETags may come without their quotes. */
function matches(condition: string, etag: string): boolean {
  const wanted = condition.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return wanted.some((tag) => tag === '*' || tag === etag || `"${tag}"` === etag);
}

function timeOf(date: string | undefined): number | undefined {
  const time = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}
