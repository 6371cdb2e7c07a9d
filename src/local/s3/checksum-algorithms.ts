import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The checksums of S3, in the order in which a request's headers are searched. */
export const ALGORITHMS = ['CRC32', 'CRC32C', 'SHA1', 'SHA256', 'CRC64NVME'] as const;
export type ChecksumAlgorithm = (typeof ALGORITHMS)[number];

/** The checksum of some bytes as S3 writes it: base64 of the big-endian value. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Buffer): string {
  return COMPUTE[algorithm](bytes).toString('base64');
}

/** How many bytes a checksum has. */
export const CHECKSUM_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  SHA1: 20,
  SHA256: 32,
  CRC64NVME: 8,
};

const COMPUTE: Readonly<Record<ChecksumAlgorithm, (bytes: Buffer) => Buffer>> = {
  CRC32: (bytes) => bigEndian(crc32(bytes)),
  CRC32C: (bytes) => bigEndian(crc32c(bytes)),
  SHA1: (bytes) => createHash('sha1').update(bytes).digest(),
  SHA256: (bytes) => createHash('sha256').update(bytes).digest(),
  CRC64NVME: crc64nvme,
};

const CRC32C_POLYNOMIAL = 0x82f63b78;
const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? CRC32C_POLYNOMIAL : 0);
  return value >>> 0;
});

function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC32C_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** CRC-64/NVME (NVM Express specification), reflected; kept as two halves because 64-bit integers are slow here. */
const CRC64_POLYNOMIAL = { high: 0x9a6c9329, low: 0xac4bc9b5 };
const CRC64_HIGH = new Uint32Array(256);
const CRC64_LOW = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let [high, low] = [0, byte];
  for (let bit = 0; bit < 8; bit += 1) {
    const odd = low & 1;
    low = ((low >>> 1) | (high << 31)) ^ (odd ? CRC64_POLYNOMIAL.low : 0);
    high = (high >>> 1) ^ (odd ? CRC64_POLYNOMIAL.high : 0);
  }
  CRC64_HIGH[byte] = high;
  CRC64_LOW[byte] = low;
}

function crc64nvme(bytes: Buffer): Buffer {
  let [high, low] = [0xffffffff, 0xffffffff];
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (CRC64_LOW[index] ?? 0);
    high = (high >>> 8) ^ (CRC64_HIGH[index] ?? 0);
  }
  return Buffer.concat([bigEndian(~high >>> 0), bigEndian(~low >>> 0)]);
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
