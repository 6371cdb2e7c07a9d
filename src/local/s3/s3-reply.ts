import { type XmlContent, xmlDocument } from '../xml-document.ts';
import type { BucketList } from './bucket-list.ts';
import type { MultipartUploads } from './multipart-uploads.ts';
import type { S3Request } from './s3-request.ts';

/** An answer before it is sent. */
export interface S3Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** What every operation works on. */
export interface S3Context {
  readonly buckets: BucketList;
  readonly uploads: MultipartUploads;
  readonly region: string;
  readonly accountId: string;
  /** Epoch ms. */
  now(): number;
}

export type S3Operation = (request: S3Request, body: Buffer, context: S3Context) => S3Reply;

/** An answer without a body. */
export function emptyReply(headers: Readonly<Record<string, string>> = {}, status = 200): S3Reply {
  return { status, headers };
}

/** An answer in XML. */
export function xmlReply(root: string, content: XmlContent, headers: Readonly<Record<string, string>> = {}): S3Reply {
  return textReply(xmlDocument(root, content), 'application/xml', headers);
}

export function textReply(text: string, type: string, headers: Readonly<Record<string, string>> = {}): S3Reply {
  return { status: 200, headers: { 'content-type': type, ...headers }, body: Buffer.from(text) };
}

/** A time as S3 writes it in XML. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Every object is said to be encrypted with S3's own keys, as in AWS since January 2023. */
export const ENCRYPTED = { 'x-amz-server-side-encryption': 'AES256' } as const;
