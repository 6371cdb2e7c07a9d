import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { type AwsClientOptions, clientSettings } from './client-options.ts';

export function createLogsClient(options: AwsClientOptions): CloudWatchLogsClient {
  return new CloudWatchLogsClient(clientSettings(options));
}
