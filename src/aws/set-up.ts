import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { parseS3Uri } from './s3-uri.ts';
import { setUpBucket } from './set-up-bucket.ts';
import { setUpQueue } from './set-up-queue.ts';
import { SetUpConflict, type SetUpOptions, type SetUpStep } from './set-up-step.ts';
import { setUpTable } from './set-up-table.ts';

export interface SetUpClients {
  readonly dynamoDb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
}

/** What there is to set up; what is not named is left alone. */
export interface SetUpNames {
  readonly table?: string;
  /** Names, not URLs; each gets a dead-letter queue. */
  readonly queues: readonly string[];
  /** `s3://bucket/prefix` */
  readonly bucket?: string;
}

/** Makes what Slipway needs, one after the other, telling each as it is done. Safe to repeat, and after a failure too. */
export async function* setUp(
  clients: SetUpClients,
  names: SetUpNames,
  options: SetUpOptions,
): AsyncGenerator<SetUpStep> {
  if (names.table !== undefined) yield await setUpTable(clients.dynamoDb, names.table, options);
  for (const queue of names.queues) yield* await setUpQueue(clients.sqs, queue, options);
  if (names.bucket !== undefined) yield await setUpBucket(clients.s3, bucketNameOf(names.bucket), options);
}

function bucketNameOf(address: string): string {
  const location = parseS3Uri(address);
  if (location === undefined) throw new SetUpConflict(`the bucket is written s3://bucket/prefix, not ${address}`);
  return location.bucket;
}
