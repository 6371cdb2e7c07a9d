import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { newSecretName, type SecretsCase } from './secrets-bench.ts';

export const secretValueCases: readonly SecretsCase[] = [
  {
    title: 'a secret is read by its name, its ARN, and its ARN without the random suffix',
    async run(bench) {
      const { name, arn } = await bench.secret({ SecretString: '{"user":"u"}' });
      expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:\d{12}:secret:.*-[A-Za-z0-9]{6}$/);
      for (const id of [name, arn, arn.slice(0, -7)]) expect(await bench.value(id)).toBe('{"user":"u"}');
    },
  },
  {
    title: 'a binary secret keeps its bytes',
    async run({ client }) {
      const SecretBinary = new Uint8Array([0, 255, 1]);
      const { Name = '' } = await client.send(new CreateSecretCommand({ Name: newSecretName(), SecretBinary }));
      const read = await client.send(new GetSecretValueCommand({ SecretId: Name }));
      expect(Buffer.from(read.SecretBinary ?? [])).toEqual(Buffer.from(SecretBinary));
      expect(read.SecretString).toBeUndefined();
    },
  },
  {
    title: 'a secret that does not exist, or has no value, is ResourceNotFoundException',
    async run(bench) {
      await expect(bench.value(newSecretName())).rejects.toBeInstanceOf(ResourceNotFoundException);
      const Name = newSecretName();
      await bench.client.send(new CreateSecretCommand({ Name }));
      await expect(bench.value(Name)).rejects.toBeInstanceOf(ResourceNotFoundException);
    },
  },
  {
    title: 'a name can be used once',
    async run(bench) {
      const { name } = await bench.secret();
      await expect(bench.secret({ Name: name, SecretString: 'two' })).rejects.toBeInstanceOf(ResourceExistsException);
    },
  },
  {
    title: 'creating a secret again with the same token and value is no error',
    async run(bench) {
      const ClientRequestToken = randomUUID();
      const first = await bench.secret({ ClientRequestToken });
      const second = await bench.secret({ ClientRequestToken, Name: first.name });
      expect(second).toEqual(first);
    },
  },
  {
    title: 'a new value is current, the one before is previous, and both are found by version id',
    async run(bench) {
      const { name, versionId } = await bench.secret();
      const put = await bench.client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'two' }));
      expect(put.VersionStages).toEqual(['AWSCURRENT']);
      expect(await bench.value(name)).toBe('two');
      expect(await bench.value(name, { VersionStage: 'AWSPREVIOUS' })).toBe('one');
      expect(await bench.value(name, { VersionId: versionId })).toBe('one');
      expect(await bench.value(name, { VersionId: put.VersionId ?? '' })).toBe('two');
    },
  },
  {
    title: 'a version or a stage that does not exist is ResourceNotFoundException',
    async run(bench) {
      const { name } = await bench.secret();
      await expect(bench.value(name, { VersionId: randomUUID() })).rejects.toBeInstanceOf(ResourceNotFoundException);
      await expect(bench.value(name, { VersionStage: 'AWSPREVIOUS' })).rejects.toBeInstanceOf(
        ResourceNotFoundException,
      );
    },
  },
  {
    title: 'a value can have a stage of its own, and the current one stays',
    async run(bench) {
      const { name } = await bench.secret();
      const input = { SecretId: name, SecretString: 'two', VersionStages: ['NEXT'] };
      await bench.client.send(new PutSecretValueCommand(input));
      expect(await bench.value(name)).toBe('one');
      expect(await bench.value(name, { VersionStage: 'NEXT' })).toBe('two');
    },
  },
  {
    title: 'one token cannot stand for two values',
    async run(bench) {
      const { name } = await bench.secret();
      const input = { SecretId: name, ClientRequestToken: randomUUID(), SecretString: 'two' };
      await bench.client.send(new PutSecretValueCommand(input));
      await bench.client.send(new PutSecretValueCommand(input));
      await expect(
        bench.client.send(new PutSecretValueCommand({ ...input, SecretString: 'three' })),
      ).rejects.toBeInstanceOf(ResourceExistsException);
    },
  },
  {
    title: 'an update can change the value, or the description alone',
    async run(bench) {
      const { name } = await bench.secret();
      await bench.client.send(new UpdateSecretCommand({ SecretId: name, Description: 'new words' }));
      expect(await bench.value(name)).toBe('one');
      await bench.client.send(new UpdateSecretCommand({ SecretId: name, SecretString: 'two' }));
      expect(await bench.value(name)).toBe('two');
      expect(await bench.value(name, { VersionStage: 'AWSPREVIOUS' })).toBe('one');
    },
  },
  {
    title: 'a value of more than 64 KiB is refused',
    async run(bench) {
      await expect(bench.secret({ SecretString: 'k'.repeat(65_537) })).rejects.toMatchObject({ $fault: 'client' });
    },
  },
];
