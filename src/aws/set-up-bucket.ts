import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type PublicAccessBlockConfiguration,
  PutBucketEncryptionCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { callErrorOf, httpStatusOf, isAwsError } from './call-error.ts';
import { SetUpConflict, type SetUpOptions, type SetUpStep } from './set-up-step.ts';

const CLOSED: Required<PublicAccessBlockConfiguration> = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** Makes the bucket, or closes an open one. Nothing in it is touched. */
export async function setUpBucket(client: S3Client, bucket: string, { dryRun }: SetUpOptions): Promise<SetUpStep> {
  const found = await exists(client, bucket);
  if (!found && dryRun) return { kind: 'bucket', name: bucket, outcome: 'created', details: [] };
  if (!found) await create(client, bucket);
  const details = [...(await blockPublicAccess(client, bucket, dryRun)), ...(await encrypt(client, bucket, dryRun))];
  if (!found) return { kind: 'bucket', name: bucket, outcome: 'created', details };
  return { kind: 'bucket', name: bucket, outcome: details.length > 0 ? 'updated' : 'exists', details };
}

/** HeadBucket has no body, so its refusals have no words (API HeadBucket). */
async function exists(client: S3Client, bucket: string): Promise<boolean> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    const status = httpStatusOf(error);
    if (status === 404) return false;
    if (status === 403) {
      throw new SetUpConflict(
        `the bucket ${bucket} may not be looked at: it belongs to another account, or s3:ListBucket is missing`,
      );
    }
    throw error;
  }
}

/** `us-east-1` is the one region that may not be named (API CreateBucket). */
async function create(client: S3Client, bucket: string): Promise<void> {
  const region = await client.config.region();
  const place =
    region === 'us-east-1'
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
  await client.send(new CreateBucketCommand({ Bucket: bucket, ...place }));
}

async function blockPublicAccess(client: S3Client, bucket: string, dryRun: boolean): Promise<readonly string[]> {
  const current = await settingOf(() => client.send(new GetPublicAccessBlockCommand({ Bucket: bucket })));
  const block = current?.PublicAccessBlockConfiguration;
  if (block && Object.entries(CLOSED).every(([key, value]) => Reflect.get(block, key) === value)) return [];
  if (dryRun) return ['public access blocked'];
  return putSetting('public access blocked', () =>
    client.send(new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration: CLOSED })),
  );
}

/** New buckets are encrypted with S3's own key since 2023; older ones may not be. */
async function encrypt(client: S3Client, bucket: string, dryRun: boolean): Promise<readonly string[]> {
  const current = await settingOf(() => client.send(new GetBucketEncryptionCommand({ Bucket: bucket })));
  if (current?.ServerSideEncryptionConfiguration?.Rules?.length) return [];
  if (dryRun) return ['encryption on'];
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } };
  return putSetting('encryption on', () =>
    client.send(
      new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }),
    ),
  );
}

async function settingOf<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const { httpStatusCode, name } = callErrorOf(error);
    if (httpStatusCode === 404 || isUnknownThere(name)) return undefined;
    throw error;
  }
}

/** Other object stores that speak S3 do not have these settings. */
async function putSetting(done: string, write: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await write();
    return [done];
  } catch (error) {
    if (isAwsError(error, 'NotImplemented', 'MethodNotAllowed')) return [`not offered here: ${done}`];
    throw error;
  }
}

function isUnknownThere(name: string): boolean {
  return name === 'NotImplemented' || name === 'MethodNotAllowed';
}
