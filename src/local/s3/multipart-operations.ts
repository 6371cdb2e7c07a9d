import type { XmlElements } from '../xml-document.ts';
import type { Bucket } from './bucket.ts';
import { type Checksum, checkedPayload, headerOf, namedAlgorithm } from './checked-payload.ts';
import type { ChecksumAlgorithm } from './checksum-algorithms.ts';
import { completedObject } from './completed-object.ts';
import { copiedBytes } from './copy-object.ts';
import type { Part, Upload } from './multipart-uploads.ts';
import { checkWriteConditions } from './preconditions.ts';
import { checksumHeaders, etagOf, newRecord } from './put-object.ts';
import { s3Error } from './s3-error.ts';
import { ENCRYPTED, emptyReply, isoTime, type S3Context, type S3Operation, xmlReply } from './s3-reply.ts';
import { keyOf, type S3Request } from './s3-request.ts';

const MAX_PART_NUMBER = 10_000;
const PAGE = 1000;

/** CreateMultipartUpload. */
export const createMultipartUpload: S3Operation = (request, _body, { buckets, uploads, now }) => {
  const bucket = buckets.require(request.bucket).record.name;
  const { key, headers, tags } = newRecord(request, keyOf(request), now());
  const algorithm = namedAlgorithm(request);
  const checksumType = algorithm && checksumTypeOf(request, algorithm);
  const upload = uploads.start({ bucket, key, startedAt: now(), headers, tags, algorithm, checksumType });
  const names = { Bucket: bucket, Key: key, UploadId: upload.id };
  return xmlReply('InitiateMultipartUploadResult', names, {
    ...ENCRYPTED,
    ...(algorithm && { 'x-amz-checksum-algorithm': algorithm }),
    ...(checksumType && { 'x-amz-checksum-type': checksumType }),
  });
};

/** UploadPart. */
export const uploadPart: S3Operation = (request, body, context) => {
  const upload = uploadOf(request, context);
  const { content, checksum } = checkedPayload(request, body);
  const part = keepPart(request, context, upload, content, checksum);
  return emptyReply({ etag: part.etag, ...ENCRYPTED, ...checksumHeaders(checksum) });
};

/** UploadPartCopy. */
export const uploadPartCopy: S3Operation = (request, _body, context) => {
  const upload = uploadOf(request, context);
  const { content, checksum } = checkedPayload(WITHOUT_HEADERS, copiedBytes(request, context));
  const part = keepPart(request, context, upload, content, checksum);
  return xmlReply('CopyPartResult', { LastModified: isoTime(part.modifiedAt), ETag: part.etag }, ENCRYPTED);
};

/** CompleteMultipartUpload: the object appears whole, then the upload is forgotten. */
export const completeMultipartUpload: S3Operation = (request, body, context) => {
  const upload = uploadOf(request, context);
  const bucket = context.buckets.require(request.bucket);
  checkWriteConditions(request, bucket.find(upload.key));
  const { record, contents } = completedObject(context, upload, body);
  bucket.put(record, contents);
  context.uploads.end(upload);
  return xmlReply(
    'CompleteMultipartUploadResult',
    {
      Location: `/${upload.bucket}/${encodeURIComponent(upload.key)}`,
      Bucket: upload.bucket,
      Key: upload.key,
      ETag: record.etag,
      ...checksumElements(record.checksum),
    },
    ENCRYPTED,
  );
};

/** AbortMultipartUpload. */
export const abortMultipartUpload: S3Operation = (request, _body, context) => {
  context.uploads.end(uploadOf(request, context));
  return emptyReply({}, 204);
};

/** ListParts. */
export const listParts: S3Operation = (request, _body, context) => {
  const upload = uploadOf(request, context);
  const after = Number(request.query.get('part-number-marker') ?? 0);
  const max = Math.min(PAGE, Number(request.query.get('max-parts') ?? PAGE));
  const rest = context.uploads.parts(upload).filter((part) => part.number > after);
  const page = rest.slice(0, max);
  return xmlReply('ListPartsResult', {
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: after,
    NextPartNumberMarker: page.at(-1)?.number,
    MaxParts: max,
    IsTruncated: rest.length > page.length,
    ChecksumAlgorithm: upload.algorithm,
    ChecksumType: upload.checksumType,
    StorageClass: upload.headers['x-amz-storage-class'] ?? 'STANDARD',
    Part: page.map(({ number, modifiedAt, etag, size, checksum }) => ({
      PartNumber: number,
      LastModified: isoTime(modifiedAt),
      ETag: etag,
      Size: size,
      ...(upload.algorithm === checksum.algorithm && checksumElements(checksum)),
    })),
  });
};

/** ListMultipartUploads. */
export const listMultipartUploads: S3Operation = (request, _body, { buckets, uploads }) => {
  const { query } = request;
  const bucket: Bucket = buckets.require(request.bucket);
  const [prefix, keyMarker, idMarker] = [
    query.get('prefix') ?? '',
    query.get('key-marker') ?? '',
    query.get('upload-id-marker'),
  ];
  const max = Math.min(PAGE, Number(query.get('max-uploads') ?? PAGE));
  const all = uploads.of(bucket.record.name).filter((upload) => upload.key.startsWith(prefix));
  const marked = all.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  const rest = marked >= 0 ? all.slice(marked + 1) : all.filter((upload) => upload.key > keyMarker);
  const page = rest.slice(0, max);
  return xmlReply('ListMultipartUploadsResult', {
    Bucket: bucket.record.name,
    KeyMarker: keyMarker,
    UploadIdMarker: idMarker ?? '',
    NextKeyMarker: page.at(-1)?.key,
    NextUploadIdMarker: page.at(-1)?.id,
    Prefix: prefix,
    MaxUploads: max,
    IsTruncated: rest.length > page.length,
    Upload: page.map(({ key, id, startedAt, algorithm }) => ({
      Key: key,
      UploadId: id,
      StorageClass: 'STANDARD',
      Initiated: isoTime(startedAt),
      ChecksumAlgorithm: algorithm,
    })),
  });
};

function uploadOf({ bucket, key, query }: S3Request, { buckets, uploads }: S3Context): Upload {
  return uploads.require(query.get('uploadId'), buckets.require(bucket).record.name, key);
}

function keepPart(
  request: S3Request,
  { uploads, now }: S3Context,
  upload: Upload,
  content: Buffer,
  checksum: Checksum,
): Part {
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MAX_PART_NUMBER) {
    throw s3Error(
      'InvalidArgument',
      { ArgumentName: 'partNumber', ArgumentValue: number },
      `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`,
    );
  }
  const part: Part = { number, size: content.length, etag: etagOf(content), modifiedAt: now(), checksum };
  uploads.putPart(upload, part, content);
  return part;
}

/** CRC64NVME exists over whole objects only; the others are by default over the checksums of the parts. */
function checksumTypeOf(request: S3Request, algorithm: ChecksumAlgorithm): Checksum['type'] {
  const isWhole = algorithm === 'CRC64NVME' || request.header('x-amz-checksum-type') === 'FULL_OBJECT';
  return isWhole ? 'FULL_OBJECT' : 'COMPOSITE';
}

function checksumElements(checksum: Checksum | undefined): XmlElements {
  if (checksum === undefined) return {};
  const element = headerOf(checksum.algorithm).replace('x-amz-checksum-', '').toUpperCase();
  return { [`Checksum${element}`]: checksum.value, ChecksumType: checksum.type };
}

/** For bytes that come from an object instead of a request. */
const WITHOUT_HEADERS: S3Request = {
  method: 'PUT',
  bucket: undefined,
  key: undefined,
  query: new URLSearchParams(),
  header: () => undefined,
  headers: {},
};
