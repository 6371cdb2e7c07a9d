import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  InvalidParameterException,
  InvalidRequestException,
  ResourceNotFoundException,
  RestoreSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { newSecretName, type SecretsBench, type SecretsCase } from './secrets-bench.ts';

/** Three secrets of one prefix: with the tag `agent`, with the tag `agent-2`, with none. */
async function threeSecrets(bench: SecretsBench): Promise<{ prefix: string; names: readonly string[] }> {
  const prefix = newSecretName();
  const names = [`${prefix}-1`, `${prefix}-2`, `${prefix}-3`];
  await bench.secret({ Name: `${prefix}-1`, Tags: [{ Key: 'agent', Value: 'red' }] });
  await bench.secret({ Name: `${prefix}-2`, Tags: [{ Key: 'agent-2', Value: 'Red' }] });
  await bench.secret({ Name: `${prefix}-3` });
  return { prefix, names };
}

export const manageSecretCases: readonly SecretsCase[] = [
  {
    title: 'a secret is described with its tags and the stages of its versions',
    async run(bench) {
      const { name, versionId } = await bench.secret({ Description: 'words', Tags: [{ Key: 'a', Value: 'b' }] });
      const described = await bench.client.send(new DescribeSecretCommand({ SecretId: name }));
      expect(described).toMatchObject({
        Name: name,
        Description: 'words',
        Tags: [{ Key: 'a', Value: 'b' }],
        VersionIdsToStages: { [versionId]: ['AWSCURRENT'] },
        CreatedDate: expect.any(Date),
      });
    },
  },
  {
    title: 'tags can be added, changed and taken away',
    async run(bench) {
      const { name } = await bench.secret({ Tags: [{ Key: 'a', Value: '1' }] });
      const Tags = [
        { Key: 'a', Value: '2' },
        { Key: 'b', Value: '3' },
        { Key: 'c', Value: '4' },
      ];
      await bench.client.send(new TagResourceCommand({ SecretId: name, Tags }));
      await bench.client.send(new UntagResourceCommand({ SecretId: name, TagKeys: ['c'] }));
      const described = await bench.client.send(new DescribeSecretCommand({ SecretId: name }));
      expect(described.Tags).toEqual(Tags.slice(0, 2));
    },
  },
  {
    title: 'secrets are listed by the beginning of their name, page by page',
    async run(bench) {
      const { prefix, names } = await threeSecrets(bench);
      expect(await bench.names([{ Key: 'name', Values: [prefix] }], 2)).toEqual(names);
    },
  },
  {
    title: 'a filter by tag key matches the beginning of the key, and case counts',
    async run(bench) {
      const { prefix, names } = await threeSecrets(bench);
      const of = (value: string) =>
        bench.names([
          { Key: 'name', Values: [prefix] },
          { Key: 'tag-key', Values: [value] },
        ]);
      expect(await of('agent')).toEqual(names.slice(0, 2));
      expect(await of('agent-2')).toEqual(names.slice(1, 2));
      expect(await of('Agent')).toEqual([]);
    },
  },
  {
    title: 'a filter by tag value matches the beginning of the value, and case counts',
    async run(bench) {
      const { prefix, names } = await threeSecrets(bench);
      const filters = [
        { Key: 'name' as const, Values: [prefix] },
        { Key: 'tag-value' as const, Values: ['re'] },
      ];
      expect(await bench.names(filters)).toEqual(names.slice(0, 1));
    },
  },
  {
    title: 'a value with an exclamation mark turns a filter round',
    async run(bench) {
      const { prefix, names } = await threeSecrets(bench);
      const filters = [
        { Key: 'name' as const, Values: [prefix] },
        { Key: 'tag-key' as const, Values: ['!agent'] },
      ];
      expect(await bench.names(filters)).toEqual(names.slice(2));
    },
  },
  {
    title: 'a secret marked for deletion cannot be read or listed, and can be restored',
    async run(bench) {
      const { name } = await bench.secret();
      const input = { SecretId: name, RecoveryWindowInDays: 7 };
      const { DeletionDate } = await bench.client.send(new DeleteSecretCommand(input));
      expect(DeletionDate?.getTime()).toBeGreaterThan(Date.now() + 6 * 24 * 3_600_000);
      await expect(bench.value(name)).rejects.toBeInstanceOf(InvalidRequestException);
      await expect(bench.secret({ Name: name })).rejects.toBeInstanceOf(InvalidRequestException);
      expect(await bench.names([{ Key: 'name', Values: [name] }])).toEqual([]);
      const described = await bench.client.send(new DescribeSecretCommand({ SecretId: name }));
      expect(described.DeletedDate).toBeInstanceOf(Date);
      await bench.client.send(new RestoreSecretCommand({ SecretId: name }));
      expect(await bench.value(name)).toBe('one');
    },
  },
  {
    title: 'a secret deleted by force is gone at once, and its name is free',
    async run(bench) {
      const { name, arn } = await bench.secret();
      await bench.client.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
      await expect(bench.value(name)).rejects.toBeInstanceOf(ResourceNotFoundException);
      const again = await bench.secret({ Name: name, SecretString: 'new' });
      expect(again.arn).not.toBe(arn);
      expect(await bench.value(name)).toBe('new');
    },
  },
  {
    title: 'force and a recovery window cannot be asked for together',
    async run(bench) {
      const { name } = await bench.secret();
      const input = { SecretId: name, ForceDeleteWithoutRecovery: true, RecoveryWindowInDays: 7 };
      await expect(bench.client.send(new DeleteSecretCommand(input))).rejects.toBeInstanceOf(InvalidParameterException);
    },
  },
  {
    title: 'a recovery window of less than seven days is refused',
    async run(bench) {
      const { name } = await bench.secret();
      const input = { SecretId: name, RecoveryWindowInDays: 6 };
      await expect(bench.client.send(new DeleteSecretCommand(input))).rejects.toBeInstanceOf(InvalidParameterException);
    },
  },
];
