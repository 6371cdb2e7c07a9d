import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AwsClientOptions, clientSettings } from './client-options.ts';
import { watchCalls } from './watch-calls.ts';

export function createSecretsClient(options: AwsClientOptions): SecretsManagerClient {
  return watchCalls(new SecretsManagerClient(clientSettings(options)), options);
}
