import type { IncomingMessage } from 'node:http';
import { s3Error } from './s3-error.ts';

/** What a request is about, read from its line and its headers. */
export interface S3Request {
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: URLSearchParams;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  /** All headers as sent, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A key has at most 1024 bytes of UTF-8 (S3 User Guide, "Object key naming guidelines"). */
const MAX_KEY_BYTES = 1024;

/** A host that names the bucket, as the AWS CLI and boto3 use it for `localhost`. */
const BUCKET_HOST = /^(.+?)\.(?:s3\.)?localhost(?::\d+)?$/;

/**
 * Reads `/bucket/key` as it stands: dots, double and trailing slashes belong to the key, so nothing may normalise the
 * path before this.
 */
export function readRequest(request: IncomingMessage): S3Request {
  const [path = '', ...queries] = (request.url ?? '/').split('?');
  const headers = flat(request.headers);
  const [, hostBucket] = BUCKET_HOST.exec(headers.host ?? '') ?? [];
  const whole = hostBucket === undefined ? path.slice(1) : `${hostBucket}/${path.slice(1)}`;
  const slash = whole.indexOf('/');
  const bucket = slash < 0 ? whole : whole.slice(0, slash);
  const key = slash < 0 ? '' : whole.slice(slash + 1);
  return {
    method: request.method ?? 'GET',
    bucket: bucket === '' ? undefined : decoded(bucket),
    key: key === '' ? undefined : checkedKey(decoded(key)),
    query: new URLSearchParams(queries.join('?')),
    header: (name) => headers[name],
    headers,
  };
}

/** The key of a request that was recognised as one about an object. */
export function keyOf({ key }: S3Request): string {
  if (key !== undefined) return key;
  throw new Error('an operation on an object was called without a key');
}

function flat(headers: IncomingMessage['headers']): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : value] as const],
  );
  return Object.fromEntries(entries);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error('InvalidURI', { URI: text });
  }
}

function checkedKey(key: string): string {
  const size = Buffer.byteLength(key);
  if (size <= MAX_KEY_BYTES) return key;
  throw s3Error('KeyTooLongError', { Size: size, MaxSizeAllowed: MAX_KEY_BYTES });
}
