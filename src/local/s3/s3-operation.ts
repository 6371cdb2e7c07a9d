import type { S3Request } from './s3-request.ts';

/** Settings of a bucket that are kept as documents, by the word that stands in the query. */
export const BUCKET_SETTINGS = {
  lifecycle: {
    get: 'GetBucketLifecycleConfiguration',
    put: 'PutBucketLifecycleConfiguration',
    delete: 'DeleteBucketLifecycle',
  },
  encryption: { get: 'GetBucketEncryption', put: 'PutBucketEncryption', delete: 'DeleteBucketEncryption' },
  publicAccessBlock: { get: 'GetPublicAccessBlock', put: 'PutPublicAccessBlock', delete: 'DeletePublicAccessBlock' },
  versioning: { get: 'GetBucketVersioning', put: 'PutBucketVersioning', delete: undefined },
  tagging: { get: 'GetBucketTagging', put: 'PutBucketTagging', delete: 'DeleteBucketTagging' },
  cors: { get: 'GetBucketCors', put: 'PutBucketCors', delete: 'DeleteBucketCors' },
  policy: { get: 'GetBucketPolicy', put: 'PutBucketPolicy', delete: 'DeleteBucketPolicy' },
  ownershipControls: {
    get: 'GetBucketOwnershipControls',
    put: 'PutBucketOwnershipControls',
    delete: 'DeleteBucketOwnershipControls',
  },
} as const;

export type BucketSetting = keyof typeof BUCKET_SETTINGS;

/** The setting of a bucket that a request is about. */
export function settingOf({ query, key }: S3Request): BucketSetting | undefined {
  if (key !== undefined) return undefined;
  return [...query.keys()].find(isSetting);
}

/** One rule: the operation of a request with this method that has all these words in its query. */
interface Rule {
  readonly operation: string;
  readonly method: string;
  readonly query?: readonly string[];
  readonly header?: string;
}

/** The first rule that fits decides, so the special ones come first. */
const OBJECT_RULES: readonly Rule[] = [
  { operation: 'GetObjectTagging', method: 'GET', query: ['tagging'] },
  { operation: 'ListParts', method: 'GET', query: ['uploadId'] },
  { operation: 'GetObject', method: 'GET' },
  { operation: 'HeadObject', method: 'HEAD' },
  { operation: 'PutObjectTagging', method: 'PUT', query: ['tagging'] },
  { operation: 'UploadPartCopy', method: 'PUT', query: ['uploadId', 'partNumber'], header: 'x-amz-copy-source' },
  { operation: 'UploadPart', method: 'PUT', query: ['uploadId', 'partNumber'] },
  { operation: 'CopyObject', method: 'PUT', header: 'x-amz-copy-source' },
  { operation: 'PutObject', method: 'PUT' },
  { operation: 'CreateMultipartUpload', method: 'POST', query: ['uploads'] },
  { operation: 'CompleteMultipartUpload', method: 'POST', query: ['uploadId'] },
  { operation: 'DeleteObjectTagging', method: 'DELETE', query: ['tagging'] },
  { operation: 'AbortMultipartUpload', method: 'DELETE', query: ['uploadId'] },
  { operation: 'DeleteObject', method: 'DELETE' },
];

const BUCKET_RULES: readonly Rule[] = [
  { operation: 'GetBucketLocation', method: 'GET', query: ['location'] },
  { operation: 'ListMultipartUploads', method: 'GET', query: ['uploads'] },
  { operation: 'ListObjectsV2', method: 'GET', query: ['list-type'] },
  { operation: 'ListObjects', method: 'GET' },
  { operation: 'HeadBucket', method: 'HEAD' },
  { operation: 'CreateBucket', method: 'PUT' },
  { operation: 'DeleteBucket', method: 'DELETE' },
  { operation: 'DeleteObjects', method: 'POST', query: ['delete'] },
];

/** Words in a query that ask for something which is not here; without this list they would be taken for GetObject etc. */
const UNKNOWN_WORDS: ReadonlySet<string> = new Set([
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'policyStatus',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'torrent',
  'versions',
  'website',
]);

/** The operation of a request that local AWS does not have. */
export const UNKNOWN_OPERATION = 'Unknown';

/** The operation that a request asks for. */
export function operationOfRequest(request: S3Request): string {
  const { method, bucket, key, query } = request;
  if ([...query.keys()].some((word) => UNKNOWN_WORDS.has(word))) return UNKNOWN_OPERATION;
  if (bucket === undefined) return method === 'GET' ? 'ListBuckets' : UNKNOWN_OPERATION;
  const setting = settingOf(request);
  if (setting) return operationOfSetting(setting, method) ?? UNKNOWN_OPERATION;
  const rules = key === undefined ? BUCKET_RULES : OBJECT_RULES;
  return rules.find((rule) => fits(rule, request))?.operation ?? UNKNOWN_OPERATION;
}

function operationOfSetting(setting: BucketSetting, method: string): string | undefined {
  const operations = BUCKET_SETTINGS[setting];
  switch (method) {
    case 'GET':
      return operations.get;
    case 'PUT':
      return operations.put;
    case 'DELETE':
      return operations.delete;
    default:
      return undefined;
  }
}

function fits({ method, query = [], header }: Rule, request: S3Request): boolean {
  if (method !== request.method || !query.every((word) => request.query.has(word))) return false;
  return header === undefined || request.header(header) !== undefined;
}

function isSetting(word: string): word is BucketSetting {
  return Object.hasOwn(BUCKET_SETTINGS, word);
}
