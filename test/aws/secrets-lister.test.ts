import { CreateSecretCommand, DeleteSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretsClient } from '../../src/aws/create-secrets-client.ts';
import { SecretsManagerLister } from '../../src/aws/secrets-lister.ts';
import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';

let aws: LocalAws;
let client: SecretsManagerClient;
let now: number;
let lister: SecretsManagerLister;

beforeEach(async () => {
  aws = await startLocalAws();
  client = createSecretsClient({ region: 'us-east-1', endpoint: aws.url });
  now = 0;
  lister = new SecretsManagerLister(client, () => now);
});
afterEach(async () => {
  client.destroy();
  await aws.stop();
});

async function create(Name: string, tagKey: string): Promise<string> {
  const made = await client.send(
    new CreateSecretCommand({ Name, SecretString: 'x', Tags: [{ Key: tagKey, Value: '' }] }),
  );
  return made.ARN ?? '';
}

const calls = () => aws.faults.counts().get('secretsmanager.ListSecrets') ?? 0;

describe('listing secrets by a tag', () => {
  it('takes those whose tag has exactly that key, although the filter matches beginnings', async () => {
    const arn = await create('DB_PASSWORD', 'slipway');
    await create('OTHER', 'slipway-prod');
    await create('THIRD', 'Slipway');
    expect(await lister.listByTag('slipway')).toEqual([{ name: 'DB_PASSWORD', arn }]);
  });

  it('follows every page, and sorts by name', async () => {
    const names = Array.from({ length: 103 }, (_, i) => `S_${String(i).padStart(3, '0')}`);
    for (const name of names.toReversed()) await create(name, 'slipway');
    expect((await lister.listByTag('slipway')).map(({ name }) => name)).toEqual(names);
    expect(calls()).toBe(2);
  });

  it('asks once for runs that want the same at once, and once a minute', async () => {
    await create('A', 'slipway');
    const [first, second] = await Promise.all([lister.listByTag('slipway'), lister.listByTag('slipway')]);
    expect(second).toBe(first);
    now = 59_999;
    await lister.listByTag('slipway');
    expect(calls()).toBe(1);
    now = 60_000;
    expect(await lister.listByTag('slipway')).toBe(first);
    expect(calls()).toBe(2);
  });

  it('sees what was added and what is gone, a minute later', async () => {
    await create('A', 'slipway');
    await lister.listByTag('slipway');
    await create('B', 'slipway');
    await client.send(new DeleteSecretCommand({ SecretId: 'A', ForceDeleteWithoutRecovery: true }));
    now = 60_000;
    expect((await lister.listByTag('slipway')).map(({ name }) => name)).toEqual(['B']);
  });

  it('rejects when it may not ask, and asks anew the next time', async () => {
    const fault = { kind: 'error', name: 'AccessDeniedException', message: 'no', status: 400 } as const;
    const heal = aws.faults.add({ operation: 'secretsmanager.ListSecrets', fault });
    await expect(lister.listByTag('slipway')).rejects.toThrow('no');
    heal();
    expect(await lister.listByTag('slipway')).toEqual([]);
  });
});
