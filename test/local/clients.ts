import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../src/local/start-local-aws.ts';

/** A local AWS that is stopped when the test has ended. */
export async function startAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const aws = await startLocalAws(options);
  onTestFinished(() => aws.stop());
  return aws;
}

/** Clients that try once, unless told otherwise. */
export function sqsClient(endpoint: string, maxAttempts = 1): SQSClient {
  return new SQSClient(clientOptions(endpoint, maxAttempts));
}

export function s3Client(endpoint: string, maxAttempts = 1): S3Client {
  return new S3Client({ ...clientOptions(endpoint, maxAttempts), forcePathStyle: true });
}

export function logsClient(endpoint: string): CloudWatchLogsClient {
  return new CloudWatchLogsClient(clientOptions(endpoint, 1));
}

export function secretsClient(endpoint: string): SecretsManagerClient {
  return new SecretsManagerClient(clientOptions(endpoint, 1));
}

export async function newQueue(sqs: SQSClient, QueueName: string, Attributes: Record<string, string> = {}) {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl;
}

export async function waitingMessages(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const input = { QueueUrl, AttributeNames: ['ApproximateNumberOfMessages' as const] };
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand(input));
  return Number(Attributes?.ApproximateNumberOfMessages);
}

function clientOptions(endpoint: string, maxAttempts: number) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { endpoint, region: 'us-east-1', credentials, maxAttempts };
}
