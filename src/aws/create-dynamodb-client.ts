import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AwsClientOptions, clientSettings } from './client-options.ts';
import { watchCalls } from './watch-calls.ts';

export function createDynamoDbClient(options: AwsClientOptions): DynamoDBClient {
  return watchCalls(new DynamoDBClient(clientSettings(options)), options);
}

export function createDocumentClient(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
