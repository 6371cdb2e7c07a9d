import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface AwsClientOptions {
  /** The SDK's own search (variables, profile, instance) if left out. */
  readonly region?: string;
  /** Another endpoint for all services: local AWS, moto. */
  readonly endpoint?: string;
  /** Sockets to one service at once. */
  readonly maxSockets?: number;
}

/** The SDK waits for ever by default: a server that never answers would stop a loop without a sound. */
const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** A long poll answers after 20 s at the latest (API ReceiveMessage). */
const RECEIVE_TIMEOUT_MS = 30_000;

function settings({ region, endpoint, maxSockets = 50 }: AwsClientOptions, requestTimeout = REQUEST_TIMEOUT_MS) {
  const agent = { keepAlive: true, maxSockets };
  return {
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}

export function createEcsClient(options: AwsClientOptions): ECSClient {
  return new ECSClient(settings(options));
}

export function createSqsClient(options: AwsClientOptions): SQSClient {
  return new SQSClient(settings(options, RECEIVE_TIMEOUT_MS));
}

export function createLogsClient(options: AwsClientOptions): CloudWatchLogsClient {
  return new CloudWatchLogsClient(settings(options));
}

export function createS3Client(options: AwsClientOptions): S3Client {
  // Bucket names as host names do not resolve on loopback.
  return new S3Client({
    ...settings(options),
    followRegionRedirects: true,
    forcePathStyle: options.endpoint !== undefined,
  });
}

export function createDynamoDbClient(options: AwsClientOptions): DynamoDBClient {
  return new DynamoDBClient(settings(options));
}

export function createDocumentClient(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
