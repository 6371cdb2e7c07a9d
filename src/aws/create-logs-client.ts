import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { type AwsClientOptions, clientSettings } from './client-options.ts';
import { watchCalls } from './watch-calls.ts';

export function createLogsClient(options: AwsClientOptions): CloudWatchLogsClient {
  return watchCalls(new CloudWatchLogsClient(clientSettings(options)), options);
}
