import { SQSClient } from '@aws-sdk/client-sqs';
import { type AwsClientOptions, clientSettings } from './client-options.ts';
import { watchCalls } from './watch-calls.ts';

/** A long poll answers after 20 s at the latest (API ReceiveMessage). */
const RECEIVE_TIMEOUT_MS = 30_000;

export function createSqsClient(options: AwsClientOptions): SQSClient {
  return watchCalls(new SQSClient(clientSettings(options, RECEIVE_TIMEOUT_MS)), options);
}
