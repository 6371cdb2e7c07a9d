import { createHash } from 'node:crypto';
import { type Payload, payloadOf } from './aws-chunked.ts';
import { ALGORITHMS, CHECKSUM_BYTES, type ChecksumAlgorithm, checksumOf } from './checksum-algorithms.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

/** A checksum kept with an object. `COMPOSITE` is one over the checksums of parts. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

export interface CheckedPayload {
  readonly content: Buffer;
  /** The one that the client sent or named, or CRC64NVME as S3 computes it for everybody else. */
  readonly checksum: Checksum;
}

/**
 * The content of a request, with every digest checked that came with it: `Content-MD5`, `x-amz-content-sha256`, and an
 * `x-amz-checksum-*` header or trailer (S3 User Guide, "Checking object integrity").
 */
export function checkedPayload(request: S3Request, body: Buffer): CheckedPayload {
  const payload = payloadOf(request, body);
  checkMd5(request.header('content-md5'), payload.content);
  checkSha256(request.header('x-amz-content-sha256'), payload.content);
  const given = givenChecksum(request, payload);
  const algorithm = given?.algorithm ?? namedAlgorithm(request) ?? 'CRC64NVME';
  const value = checksumOf(algorithm, payload.content);
  if (given && given.value !== value) {
    throw s3Error('BadDigest', {}, `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { content: payload.content, checksum: { algorithm, value, type: 'FULL_OBJECT' } };
}

/** The algorithm that a request names without giving a value. */
export function namedAlgorithm(request: S3Request): ChecksumAlgorithm | undefined {
  const name = (
    request.header('x-amz-sdk-checksum-algorithm') ?? request.header('x-amz-checksum-algorithm')
  )?.toUpperCase();
  if (name === undefined) return undefined;
  const algorithm = ALGORITHMS.find((known) => known === name);
  if (algorithm) return algorithm;
  throw s3Error(
    'InvalidRequest',
    {},
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  );
}

/** Whether the request brings a digest of its body at all. */
export function bringsDigest(request: S3Request): boolean {
  if (request.header('content-md5') !== undefined) return true;
  return (
    ALGORITHMS.some((algorithm) => request.header(headerOf(algorithm)) !== undefined) ||
    trailerOf(request) !== undefined
  );
}

/** The header that carries a checksum. */
export function headerOf(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

function givenChecksum(request: S3Request, { trailers }: Payload) {
  for (const algorithm of ALGORITHMS) {
    const header = headerOf(algorithm);
    const value = request.header(header) ?? trailers[header];
    if (value === undefined) continue;
    const bytes = Buffer.from(value, 'base64');
    if (bytes.length !== CHECKSUM_BYTES[algorithm] || bytes.toString('base64') !== value) {
      throw s3Error('InvalidRequest', {}, `Value for ${header} header is invalid.`);
    }
    return { algorithm, value };
  }
  const announced = trailerOf(request);
  if (announced === undefined) return undefined;
  throw s3Error('InvalidRequest', {}, `The trailer ${announced} was announced in x-amz-trailer and did not come.`);
}

function trailerOf(request: S3Request): string | undefined {
  return request
    .header('x-amz-trailer')
    ?.split(/\s*,\s*/)
    .find((name) => name.toLowerCase().startsWith('x-amz-checksum-'));
}

function checkMd5(given: string | undefined, content: Buffer): void {
  if (given === undefined) return;
  if (Buffer.from(given, 'base64').length !== 16) throw s3Error('InvalidDigest', { 'Content-MD5': given });
  const calculated = createHash('md5').update(content).digest('base64');
  if (calculated !== given) throw s3Error('BadDigest', { ExpectedDigest: given, CalculatedDigest: calculated });
}

function checkSha256(given: string | undefined, content: Buffer): void {
  if (given === undefined || !/^[0-9a-f]{64}$/.test(given)) return;
  const computed = createHash('sha256').update(content).digest('hex');
  if (computed === given) return;
  throw s3Error('XAmzContentSHA256Mismatch', { ClientComputedContentSHA256: given, S3ComputedContentSHA256: computed });
}
