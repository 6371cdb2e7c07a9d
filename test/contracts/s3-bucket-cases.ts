import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type ContractCase, failureOf, type SharedBucket, s3Client } from './s3-fixture.ts';

export function describeBuckets(check: ContractCase, shared: () => SharedBucket): void {
  const fresh = () => `contract-${randomUUID()}`;

  check('CreateBucket of a bucket that one has is fine in us-east-1', async () => {
    await shared().client.send(new CreateBucketCommand({ Bucket: shared().name }));
  });

  check('CreateBucket of a bucket that one has is BucketAlreadyOwnedByYou elsewhere', async () => {
    const client = s3Client(shared().endpoint, 'eu-central-1');
    try {
      const input = { Bucket: fresh(), CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' as const } };
      await client.send(new CreateBucketCommand(input));
      const failure = await failureOf(client.send(new CreateBucketCommand(input)));
      expect(failure).toEqual({ name: 'BucketAlreadyOwnedByYou', status: 409 });
      const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: input.Bucket }));
      expect(LocationConstraint).toBe('eu-central-1');
    } finally {
      client.destroy();
    }
  });

  check('CreateBucket refuses a name with capitals', async () => {
    const { name } = await failureOf(shared().client.send(new CreateBucketCommand({ Bucket: 'Contract_Bucket' })));
    expect(name).toBe('InvalidBucketName');
  });

  check('HeadBucket tells the region, and 404 of an unknown bucket', async () => {
    const { BucketRegion } = await shared().client.send(new HeadBucketCommand({ Bucket: shared().name }));
    expect(BucketRegion).toBe('us-east-1');
    const failure = await failureOf(shared().client.send(new HeadBucketCommand({ Bucket: fresh() })));
    expect(failure).toEqual({ name: 'NotFound', status: 404 });
  });

  check('ListBuckets lists what was created', async () => {
    const { Buckets } = await shared().client.send(new ListBucketsCommand({}));
    expect(Buckets?.map((bucket) => bucket.Name)).toContain(shared().name);
  });

  check('DeleteBucket takes only an empty bucket', async () => {
    const Bucket = fresh();
    await shared().client.send(new CreateBucketCommand({ Bucket }));
    await shared().client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
    const failure = await failureOf(shared().client.send(new DeleteBucketCommand({ Bucket })));
    expect(failure).toEqual({ name: 'BucketNotEmpty', status: 409 });
    await shared().client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await shared().client.send(new DeleteBucketCommand({ Bucket }));
    expect((await failureOf(shared().client.send(new HeadBucketCommand({ Bucket })))).status).toBe(404);
  });

  check('lifecycle rules are kept', async () => {
    const Bucket = shared().name;
    const rule = {
      ID: 'old-runs',
      Status: 'Enabled' as const,
      Filter: { Prefix: 'runs/' },
      Expiration: { Days: 30 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    };
    const before = await failureOf(shared().client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })));
    expect(before).toEqual({ name: 'NoSuchLifecycleConfiguration', status: 404 });
    const LifecycleConfiguration = { Rules: [rule] };
    await shared().client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
    const { Rules } = await shared().client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules).toEqual([rule]);
  });

  check('encryption is kept', async () => {
    const Bucket = shared().name;
    const ServerSideEncryptionConfiguration = {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'k' },
          BucketKeyEnabled: true,
        },
      ],
    };
    await shared().client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    const answer = await shared().client.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(answer.ServerSideEncryptionConfiguration).toEqual(ServerSideEncryptionConfiguration);
  });

  check('the public access block is kept', async () => {
    const Bucket = shared().name;
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    await shared().client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    const answer = await shared().client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(answer.PublicAccessBlockConfiguration).toEqual(PublicAccessBlockConfiguration);
  });

  check('versioning is kept', async () => {
    const Bucket = fresh();
    await shared().client.send(new CreateBucketCommand({ Bucket }));
    expect((await shared().client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await shared().client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    expect((await shared().client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  });

  check('bucket tags are kept', async () => {
    const Bucket = fresh();
    await shared().client.send(new CreateBucketCommand({ Bucket }));
    const before = await failureOf(shared().client.send(new GetBucketTaggingCommand({ Bucket })));
    expect(before).toEqual({ name: 'NoSuchTagSet', status: 404 });
    const Tagging = { TagSet: [{ Key: 'team', Value: 'a & b <c>' }] };
    await shared().client.send(new PutBucketTaggingCommand({ Bucket, Tagging }));
    expect((await shared().client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(Tagging.TagSet);
  });
}
