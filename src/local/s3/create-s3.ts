import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { AwsError, type HttpService, type LocalClock } from '../service.ts';
import { BucketList } from './bucket-list.ts';
import * as bucketOperations from './bucket-operations.ts';
import { deleteBucketSetting, getBucketSetting, putBucketSetting } from './bucket-settings.ts';
import { copyObject } from './copy-object.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { getObject } from './get-object.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';
import * as multipart from './multipart-operations.ts';
import { MultipartUploads } from './multipart-uploads.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tagging.ts';
import { putObject } from './put-object.ts';
import { s3Error } from './s3-error.ts';
import { BUCKET_SETTINGS, operationOfRequest, UNKNOWN_OPERATION } from './s3-operation.ts';
import type { S3Context, S3Operation, S3Reply } from './s3-reply.ts';
import { readRequest, type S3Request } from './s3-request.ts';
import { DiskVault, MemoryVault } from './vault.ts';

export interface S3Options {
  /** The folder for what outlives the process, or undefined to keep everything in memory. */
  readonly stateDir: string | undefined;
  readonly clock: LocalClock;
  readonly region: string;
  readonly accountId: string;
}

const OPERATIONS: ReadonlyMap<string, S3Operation> = new Map(
  Object.entries({
    ListBuckets: bucketOperations.listBuckets,
    CreateBucket: bucketOperations.createBucket,
    HeadBucket: bucketOperations.headBucket,
    DeleteBucket: bucketOperations.deleteBucket,
    GetBucketLocation: bucketOperations.getBucketLocation,
    ...settingOperations(),
    PutObject: putObject,
    GetObject: getObject,
    HeadObject: getObject,
    CopyObject: copyObject,
    DeleteObject: deleteObject,
    DeleteObjects: deleteObjects,
    ListObjects: listObjects,
    ListObjectsV2: listObjectsV2,
    GetObjectTagging: getObjectTagging,
    PutObjectTagging: putObjectTagging,
    DeleteObjectTagging: deleteObjectTagging,
    CreateMultipartUpload: multipart.createMultipartUpload,
    UploadPart: multipart.uploadPart,
    UploadPartCopy: multipart.uploadPartCopy,
    CompleteMultipartUpload: multipart.completeMultipartUpload,
    AbortMultipartUpload: multipart.abortMultipartUpload,
    ListParts: multipart.listParts,
    ListMultipartUploads: multipart.listMultipartUploads,
  }),
);

/**
 * S3 with path-style addresses. Objects are files below `s3/` in the state folder, each written whole and renamed into
 * place before the answer leaves: a kill loses nothing acknowledged and leaves no half object. Signatures are not
 * checked, so presigned URLs work as they are.
 */
export function createS3({ stateDir, clock, region, accountId }: S3Options): HttpService {
  const vault = stateDir === undefined ? new MemoryVault() : new DiskVault(join(stateDir, 's3'));
  const context: S3Context = {
    buckets: new BucketList(vault),
    uploads: new MultipartUploads(vault),
    region,
    accountId,
    now: () => clock.now(),
  };
  return {
    name: 's3',
    operationOf: (request) => {
      try {
        return operationOfRequest(readRequest(request));
      } catch (error) {
        if (error instanceof AwsError) return UNKNOWN_OPERATION; // the call is refused with this error when it is handled
        throw error;
      }
    },
    inputOf: (request) => ({ method: request.method, url: request.url, ...subjectOf(request) }),
    async handle(request, response, body) {
      send(response, request.method, answer(readRequest(request), body, context));
    },
    async close() {},
  };
}

/** Bucket and key, decoded; nothing of a request that is refused when it is handled. */
function subjectOf(request: IncomingMessage): Readonly<Record<string, string | undefined>> {
  try {
    const { bucket, key, query, header } = readRequest(request);
    const copySource = header('x-amz-copy-source');
    return {
      bucket,
      key,
      prefix: query.get('prefix') ?? undefined,
      copySource: copySource === undefined ? undefined : decodeURIComponent(copySource.replace(/^\/|\?.*$/g, '')),
    };
  } catch {
    return {};
  }
}

function answer(request: S3Request, body: Buffer, context: S3Context): S3Reply {
  checkOwner(request, context.accountId);
  const run = OPERATIONS.get(operationOfRequest(request));
  if (run) return run(request, body, context);
  throw s3Error('NotImplemented', {}, `Local AWS has no such S3 operation: ${request.method} with ?${request.query}`);
}

function checkOwner(request: S3Request, accountId: string): void {
  const expected = request.header('x-amz-expected-bucket-owner');
  if (expected !== undefined && expected !== accountId) throw s3Error('AccessDenied');
}

function send(response: ServerResponse, method: string | undefined, { status, headers, body }: S3Reply): void {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  const bytes = body ?? Buffer.alloc(0);
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304;
  response.writeHead(status, {
    server: 'AmazonS3',
    'x-amz-request-id': requestId,
    ...(hasBody && { 'content-length': String(bytes.length) }),
    ...headers,
  });
  response.end(hasBody ? bytes : undefined);
}

function settingOperations(): Record<string, S3Operation> {
  const operations: Record<string, S3Operation> = {};
  for (const setting of Object.values(BUCKET_SETTINGS)) {
    operations[setting.get] = getBucketSetting;
    operations[setting.put] = putBucketSetting;
    if (setting.delete !== undefined) operations[setting.delete] = deleteBucketSetting;
  }
  return operations;
}
