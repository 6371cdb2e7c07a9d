import { createHash } from 'node:crypto';
import type { Checksum } from './checked-payload.ts';
import { type ChecksumAlgorithm, checksumOf } from './checksum-algorithms.ts';
import type { Part, Upload } from './multipart-uploads.ts';
import { childrenNamed, childText, parseXml, type XmlNode } from './parse-xml.ts';
import { s3Error } from './s3-error.ts';
import type { S3Context } from './s3-reply.ts';
import type { ObjectRecord } from './stored-object.ts';

/** All parts but the last have at least 5 MiB (S3 User Guide, "Amazon S3 multipart upload limits"). */
const MIN_PART_BYTES = 5 * 1024 * 1024;

/** The object that a CompleteMultipartUpload makes of the parts that its body names. */
export function completedObject(
  { uploads, now }: S3Context,
  upload: Upload,
  body: Buffer,
): { readonly record: ObjectRecord; readonly contents: readonly Buffer[] } {
  const parts = chosenParts(uploads.parts(upload), parseXml(body, 'CompleteMultipartUpload'));
  const contents = parts.map((part) => uploads.content(upload, part.number));
  const record: ObjectRecord = {
    key: upload.key,
    size: parts.reduce((size, part) => size + part.size, 0),
    etag: combinedEtag(parts),
    modifiedAt: Math.floor(now() / 1000) * 1000,
    headers: upload.headers,
    tags: upload.tags,
    checksum: combinedChecksum(upload, parts, contents),
  };
  return { record, contents };
}

function chosenParts(stored: readonly Part[], root: XmlNode): readonly Part[] {
  const chosen = childrenNamed(root, 'Part').map((node) => {
    const number = Number(childText(node, 'PartNumber'));
    const etag = childText(node, 'ETag')?.replaceAll('"', '');
    const part = stored.find((part) => part.number === number);
    if (part === undefined || part.etag !== `"${etag}"`)
      throw s3Error('InvalidPart', { PartNumber: number, ETag: etag });
    return part;
  });
  if (chosen.length === 0) throw s3Error('MalformedXML');
  chosen.forEach((part, index) => {
    const next = chosen[index + 1];
    if (next === undefined) return;
    if (next.number <= part.number) throw s3Error('InvalidPartOrder');
    if (part.size < MIN_PART_BYTES) {
      throw s3Error('EntityTooSmall', {
        ProposedSize: part.size,
        MinSizeAllowed: MIN_PART_BYTES,
        PartNumber: part.number,
      });
    }
  });
  return chosen;
}

/** The MD5 of the parts' MD5s, and their number. */
function combinedEtag(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag.slice(1, -1), 'hex'));
  return `"${hash.digest('hex')}-${parts.length}"`;
}

/** As S3 forms it (S3 User Guide, "Checking object integrity", full object and composite checksums). */
function combinedChecksum(upload: Upload, parts: readonly Part[], contents: readonly Buffer[]): Checksum {
  const algorithm: ChecksumAlgorithm = upload.algorithm ?? 'CRC64NVME';
  if (upload.checksumType !== 'COMPOSITE') {
    return { algorithm, value: checksumOf(algorithm, Buffer.concat(contents)), type: 'FULL_OBJECT' };
  }
  const values = parts.map((part, index) =>
    part.checksum.algorithm === algorithm
      ? part.checksum.value
      : checksumOf(algorithm, contents[index] ?? Buffer.alloc(0)),
  );
  const joined = Buffer.concat(values.map((value) => Buffer.from(value, 'base64')));
  return { algorithm, value: `${checksumOf(algorithm, joined)}-${parts.length}`, type: 'COMPOSITE' };
}
