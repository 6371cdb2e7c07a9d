import { ECSClient } from '@aws-sdk/client-ecs';
import { type AwsClientOptions, clientSettings } from './client-options.ts';

export function createEcsClient(options: AwsClientOptions): ECSClient {
  return new ECSClient(clientSettings(options));
}
