import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AwsClientOptions, clientSettings } from './client-options.ts';

export function createSecretsClient(options: AwsClientOptions): SecretsManagerClient {
  return new SecretsManagerClient(clientSettings(options));
}
