import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

/** The content of a body, and the headers that came after it. */
export interface Payload {
  readonly content: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Takes off the framing `aws-chunked` (Amazon S3 API Reference, "Signature calculations: transferring payload in
 * multiple chunks" and "Including trailing headers"): chunks of hex length, perhaps a signature, and bytes; then
 * trailing headers. Signatures are not checked.
 */
export function payloadOf(request: S3Request, body: Buffer): Payload {
  if (!isChunked(request)) return { content: body, trailers: {} };
  const payload = decode(body);
  const length = request.header('x-amz-decoded-content-length');
  if (length !== undefined && Number(length) !== payload.content.length) throw s3Error('IncompleteBody');
  return payload;
}

function isChunked(request: S3Request): boolean {
  const encodings = request.header('content-encoding')?.split(/\s*,\s*/) ?? [];
  return encodings.includes('aws-chunked') || (request.header('x-amz-content-sha256') ?? '').startsWith('STREAMING-');
}

function decode(body: Buffer): Payload {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const [line, start] = lineAt(body, at);
    const size = Number.parseInt(line, 16);
    if (!/^[0-9a-fA-F]+(;|$)/.test(line)) throw s3Error('IncompleteBody');
    if (size === 0) return { content: Buffer.concat(chunks), trailers: trailersOf(body.subarray(start)) };
    const end = start + size;
    if (body.length < end + 2) throw s3Error('IncompleteBody');
    chunks.push(body.subarray(start, end));
    at = end + 2;
  }
}

function lineAt(body: Buffer, start: number): readonly [string, number] {
  const end = body.indexOf('\r\n', start);
  if (end < 0) throw s3Error('IncompleteBody');
  return [body.toString('latin1', start, end), end + 2];
}

function trailersOf(bytes: Buffer): Readonly<Record<string, string>> {
  const lines = bytes.toString('latin1').split(/\r?\n/);
  const entries = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const];
  });
  return Object.fromEntries(entries);
}
