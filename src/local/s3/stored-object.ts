import type { Checksum } from './checked-payload.ts';
import type { S3Request } from './s3-request.ts';

/** What is kept of an object besides its content. */
export interface ObjectRecord {
  readonly key: string;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  /** Epoch ms, whole seconds. */
  readonly modifiedAt: number;
  /** Headers given with the object and returned with it, `x-amz-meta-*` among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
  readonly tags: Readonly<Record<string, string>>;
}

const LENGTH_BYTES = 4;

/** The start of an object's file: the record's length and the record. The content follows. */
export function recordBytes(record: ObjectRecord): Buffer {
  const json = Buffer.from(JSON.stringify(record));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json]);
}

/** Reads the record at the start of an object's file, and where the content begins. */
export function readRecord(read: (start: number, end: number) => Buffer): { record: ObjectRecord; contentAt: number } {
  const contentAt = LENGTH_BYTES + read(0, LENGTH_BYTES).readUInt32BE();
  const record: ObjectRecord = JSON.parse(read(LENGTH_BYTES, contentAt).toString('utf8'));
  return { record, contentAt };
}

const KEPT: ReadonlySet<string> = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
]);

/** The headers of a request that are kept with the object that it makes. */
export function keptHeaders(request: S3Request): Readonly<Record<string, string>> {
  const kept = Object.entries(request.headers).flatMap(([name, value]) => {
    const keptValue = name === 'content-encoding' ? withoutFraming(value) : value;
    return keptValue !== '' && (KEPT.has(name) || name.startsWith('x-amz-meta-')) ? [[name, keptValue] as const] : [];
  });
  const type = request.header('content-type') ? {} : { 'content-type': 'binary/octet-stream' };
  return { ...Object.fromEntries(kept), ...type };
}

/** `aws-chunked` describes the transfer, not the object. */
function withoutFraming(encodings: string): string {
  const kept = encodings.split(/\s*,\s*/).filter((encoding) => encoding !== 'aws-chunked');
  return kept.join(',');
}
