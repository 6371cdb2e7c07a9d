import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  type CreateSecretCommandInput,
  type Filter,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { ClientOptions, ContractCase } from '../contract-case.ts';

export type SecretsCase = ContractCase<SecretsBench>;

/** What the Secrets Manager cases work with: the real client, and secrets that nobody else uses. */
export class SecretsBench {
  readonly client: SecretsManagerClient;

  constructor(options: ClientOptions) {
    this.client = new SecretsManagerClient(options);
  }

  async secret(
    more: Partial<CreateSecretCommandInput> = {},
  ): Promise<{ name: string; arn: string; versionId: string }> {
    const input = { Name: newSecretName(), SecretString: 'one', ...more };
    const { ARN = '', Name = '', VersionId = '' } = await this.client.send(new CreateSecretCommand(input));
    return { name: Name, arn: ARN, versionId: VersionId };
  }

  async value(SecretId: string, more: Partial<GetSecretValueCommandInput> = {}): Promise<string | undefined> {
    return (await this.client.send(new GetSecretValueCommand({ SecretId, ...more }))).SecretString;
  }

  /** The names that a list gives, page by page. */
  async names(Filters: Filter[], MaxResults = 100): Promise<string[]> {
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const input = { Filters, MaxResults, ...(NextToken ? { NextToken } : {}) };
      const page = await this.client.send(new ListSecretsCommand(input));
      names.push(...(page.SecretList ?? []).map(({ Name = '' }) => Name));
      NextToken = page.NextToken;
    } while (NextToken);
    return names.sort();
  }
}

export function newSecretName(): string {
  return `contract/${randomUUID()}/x`;
}
