import { type Input, optionalText } from '../read-input.ts';
import type { AccessRequest } from './access-request.ts';

/** Operations whose action has another name (Service Authorization Reference, Amazon S3). */
const ACTIONS: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  ListParts: 'ListMultipartUploadParts',
  DeleteObjects: 'DeleteObject',
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  ListBuckets: 'ListAllMyBuckets',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeleteBucketTagging: 'PutBucketTagging',
  GetBucketCors: 'GetBucketCORS',
  PutBucketCors: 'PutBucketCORS',
  DeleteBucketCors: 'PutBucketCORS',
  DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
};

/** What a call of S3 asks for; `input` is what `inputOf` of local S3 reads from the request. */
export function s3Access(operation: string, input: Input): readonly AccessRequest[] {
  const bucket = optionalText(input, 'bucket');
  const key = optionalText(input, 'key');
  const source = optionalText(input, 'copySource');
  const prefix = optionalText(input, 'prefix');
  const action = `s3:${ACTIONS[operation] ?? operation}`;
  const asked = {
    action,
    // The keys that DeleteObjects names stand in its body: it is asked for all of the bucket's.
    resource: arnOf(bucket, operation === 'DeleteObjects' ? '*' : key),
    ...(prefix === undefined ? {} : { context: { 's3:prefix': prefix } }),
  };
  if (source === undefined) return [asked];
  return [{ action: 's3:GetObject', resource: `arn:aws:s3:::${source}` }, asked];
}

/** Without it S3 does not tell whether an object is there (API GetObject, "Permissions"). */
export function listingOf(input: Input): AccessRequest {
  return { action: 's3:ListBucket', resource: arnOf(optionalText(input, 'bucket'), undefined) };
}

function arnOf(bucket: string | undefined, key: string | undefined): string {
  if (bucket === undefined) return '*';
  return `arn:aws:s3:::${bucket}${key === undefined ? '' : `/${key}`}`;
}
