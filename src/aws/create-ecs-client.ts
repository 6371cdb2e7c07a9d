import { ECSClient } from '@aws-sdk/client-ecs';
import { type AwsClientOptions, clientSettings } from './client-options.ts';
import { watchCalls } from './watch-calls.ts';

export function createEcsClient(options: AwsClientOptions): ECSClient {
  return watchCalls(new ECSClient(clientSettings(options)), options);
}
