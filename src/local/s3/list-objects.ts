import type { XmlElements } from '../xml-document.ts';
import { type Bucket, byBytes } from './bucket.ts';
import { s3Error } from './s3-error.ts';
import { isoTime, type S3Operation, xmlReply } from './s3-reply.ts';
import type { S3Request } from './s3-request.ts';
import type { ObjectRecord } from './stored-object.ts';

const MAX_KEYS = 1000;

interface Listing {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  /** Only what comes after this, which is a key or a common prefix, is listed. */
  readonly after: string;
}

interface Page {
  readonly objects: readonly ObjectRecord[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix of the page, if something comes after the page. */
  readonly next: string | undefined;
}

/** ListObjectsV2. */
export const listObjectsV2: S3Operation = (request, _body, { buckets, accountId }) => {
  const { query } = request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const listing = readListing(request, token === null ? (startAfter ?? '') : readToken(token));
  const page = pageOf(buckets.require(request.bucket), listing);
  const written = writer(request);
  return xmlReply('ListBucketResult', {
    ...common(request, listing, page, written, query.get('fetch-owner') === 'true' ? accountId : undefined),
    KeyCount: page.objects.length + page.commonPrefixes.length,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: page.next === undefined ? undefined : Buffer.from(page.next).toString('base64url'),
    StartAfter: startAfter === null ? undefined : written(startAfter),
  });
};

/** ListObjects, the first version: pages go on by `marker`. */
export const listObjects: S3Operation = (request, _body, { buckets, accountId }) => {
  const marker = request.query.get('marker') ?? '';
  const listing = readListing(request, marker);
  const page = pageOf(buckets.require(request.bucket), listing);
  const written = writer(request);
  return xmlReply('ListBucketResult', {
    ...common(request, listing, page, written, accountId),
    Marker: written(marker),
    NextMarker: listing.delimiter !== '' && page.next !== undefined ? written(page.next) : undefined,
  });
};

function readListing({ query }: S3Request, after: string): Listing {
  const given = query.get('max-keys');
  if (given !== null && !/^\d{1,10}$/.test(given)) {
    throw s3Error('InvalidArgument', { ArgumentName: 'max-keys', ArgumentValue: given });
  }
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: Math.min(MAX_KEYS, Number(given ?? MAX_KEYS)),
    after,
  };
}

function readToken(token: string): string {
  const after = Buffer.from(token, 'base64url').toString('utf8');
  if (after !== '') return after;
  throw s3Error(
    'InvalidArgument',
    { ArgumentName: 'continuation-token' },
    'The continuation token provided is incorrect',
  );
}

function pageOf(bucket: Bucket, listing: Listing): Page {
  const entries = new Map<string, ObjectRecord | undefined>();
  for (const key of listing.maxKeys === 0 ? [] : keysAfter(bucket.keys, listing)) {
    const group = groupOf(key, listing);
    const entry = group ?? key;
    if (entries.has(entry)) continue;
    if (entries.size === listing.maxKeys) return pageOfEntries(entries, [...entries.keys()].at(-1));
    entries.set(entry, group === undefined ? bucket.require(key) : undefined);
  }
  return pageOfEntries(entries, undefined);
}

/** What has no object is a common prefix. */
function pageOfEntries(entries: ReadonlyMap<string, ObjectRecord | undefined>, next: string | undefined): Page {
  const objects = [...entries.values()].filter((object) => object !== undefined);
  const commonPrefixes = [...entries].flatMap(([entry, object]) => (object === undefined ? [entry] : []));
  return { objects, commonPrefixes, next };
}

function* keysAfter(keys: readonly string[], { prefix, delimiter, after }: Listing): Generator<string> {
  const from = byBytes(after, prefix) > 0 ? after : prefix;
  const isGroup = delimiter !== '' && after.endsWith(delimiter);
  for (let at = lowerBound(keys, from); at < keys.length; at += 1) {
    const key = keys[at] ?? '';
    if (!key.startsWith(prefix)) return;
    if (key !== after && !(isGroup && key.startsWith(after))) yield key;
  }
}

/** The common prefix that a key disappears in, if any. */
function groupOf(key: string, { prefix, delimiter }: Listing): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function lowerBound(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byBytes(keys[middle] ?? '', key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Writer = (text: string) => string;

/** With `encoding-type=url`, keys may hold what XML cannot. */
function writer({ query }: S3Request): Writer {
  if (query.get('encoding-type') !== 'url') return (text) => text;
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+');
}

function common(
  request: S3Request,
  listing: Listing,
  page: Page,
  written: Writer,
  owner: string | undefined,
): XmlElements {
  return {
    Name: request.bucket,
    Prefix: written(listing.prefix),
    Delimiter: listing.delimiter === '' ? undefined : written(listing.delimiter),
    MaxKeys: listing.maxKeys,
    EncodingType: request.query.get('encoding-type') ?? undefined,
    IsTruncated: page.next !== undefined,
    Contents: page.objects.map((object) => ({
      Key: written(object.key),
      LastModified: isoTime(object.modifiedAt),
      ETag: object.etag,
      ...(object.checksum && { ChecksumAlgorithm: object.checksum.algorithm, ChecksumType: object.checksum.type }),
      Size: object.size,
      StorageClass: object.headers['x-amz-storage-class'] ?? 'STANDARD',
      Owner: owner === undefined ? undefined : { ID: owner },
    })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: written(prefix) })),
  };
}
