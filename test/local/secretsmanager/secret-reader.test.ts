import { describe, expect, it } from 'vitest';
import { createSecretsManager } from '../../../src/local/secretsmanager/create-secretsmanager.ts';
import { SteeredClock } from '../steered-clock.ts';

const DAY_MS = 24 * 3_600_000;

/** A secret `db/main` with two versions. */
async function openSecrets() {
  const clock = new SteeredClock();
  const secrets = createSecretsManager({ stateDir: undefined, clock, region: 'us-east-1', accountId: '000000000000' });
  const call = async (operation: string, input: Record<string, unknown>) =>
    Object(await secrets.call({ operation, input, gone: new AbortController().signal, endpoint: '', caller: 'test' }));
  const old = JSON.stringify({ user: 'old' });
  const { ARN: arn, VersionId: oldId } = await call('CreateSecret', { Name: 'db/main', SecretString: old });
  const SecretString = JSON.stringify({ user: 'new', port: 5432, tls: true, tags: ['a'] });
  await call('PutSecretValue', { SecretId: arn, SecretString });
  return { clock, call, read: secrets.reader.read, arn: String(arn), oldId: String(oldId), current: SecretString, old };
}

describe('a secret for a container', () => {
  it('is the whole value for a name, an ARN, and an ARN without its suffix', async () => {
    const { read, arn, current } = await openSecrets();
    for (const valueFrom of ['db/main', arn, arn.slice(0, -7), `${arn}:::`]) expect(read(valueFrom)).toBe(current);
  });

  it('can be one key of its JSON', async () => {
    const { read, arn } = await openSecrets();
    expect(read(`${arn}:user::`)).toBe('new');
    expect(read(`${arn}:port::`)).toBe('5432');
    expect(read(`${arn}:tls::`)).toBe('true');
    expect(read(`${arn}:tags::`)).toBe('["a"]');
  });

  it('can be of a stage or of a version', async () => {
    const { read, arn, oldId, old } = await openSecrets();
    expect(read(`${arn}::AWSPREVIOUS:`)).toBe(old);
    expect(read(`${arn}:user:AWSPREVIOUS:`)).toBe('old');
    expect(read(`${arn}:user::${oldId}`)).toBe('old');
  });

  it('is undefined when the secret, the key or the version is missing', async () => {
    const { read, arn } = await openSecrets();
    expect(read('missing')).toBeUndefined();
    expect(read(`${arn}:missing::`)).toBeUndefined();
    expect(read(`${arn}::MISSING:`)).toBeUndefined();
    expect(read('arn:aws:secretsmanager:eu-west-1:111111111111:secret:db/main-AbCdEf')).toBeUndefined();
  });

  it('is undefined once the secret is marked for deletion, and gone after the recovery window', async () => {
    const { read, clock, call } = await openSecrets();
    await call('DeleteSecret', { SecretId: 'db/main', RecoveryWindowInDays: 7 });
    expect(read('db/main')).toBeUndefined();
    await expect(call('CreateSecret', { Name: 'db/main', SecretString: 'x' })).rejects.toThrow(
      'scheduled for deletion',
    );
    clock.advance(7 * DAY_MS);
    await expect(call('DescribeSecret', { SecretId: 'db/main' })).rejects.toThrow("can't find");
    await call('CreateSecret', { Name: 'db/main', SecretString: 'x' });
    expect(read('db/main')).toBe('x');
  });
});
