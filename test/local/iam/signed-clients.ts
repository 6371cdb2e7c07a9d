import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';

export type SignedClients = ReturnType<typeof signedClients>;

/** The SDK's clients of one caller, whom local AWS knows by the access key. */
export function signedClients(
  endpoint: string,
  accessKeyId: string,
  more: { readonly secretAccessKey?: string; readonly sessionToken?: string } = {},
) {
  const credentials = { accessKeyId, secretAccessKey: 'any', ...more };
  const options = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  return {
    sqs: new SQSClient(options),
    dynamodb: new DynamoDBClient(options),
    ecs: new ECSClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    logs: new CloudWatchLogsClient(options),
    secrets: new SecretsManagerClient(options),
    sns: new SNSClient(options),
    sts: new STSClient(options),
  };
}
