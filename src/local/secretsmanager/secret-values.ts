import { randomUUID } from 'node:crypto';
import { type Input, optionalText, textList } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import { CURRENT, findVersion, type Secret, type SecretVersion, withVersion } from './secret.ts';
import type { SecretStore } from './secret-store.ts';
import { readTags } from './secret-tags.ts';
import { alreadyExists, invalidParameter, invalidRequest, noVersion } from './secrets-errors.ts';

const SECRET_NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
/** AWS Secrets Manager quotas: the size of a value. */
const MAX_VALUE_BYTES = 65_536;

type Value = Pick<SecretVersion, 'text' | 'binary'>;

export function createSecret(store: SecretStore, { input }: JsonCall): Record<string, unknown> {
  const name = optionalText(input, 'Name') ?? '';
  if (!SECRET_NAME.test(name)) {
    throw invalidParameter(
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  }
  const value = readValue(input);
  const existing = store.find(name);
  if (existing !== undefined) return repeatedCreate(existing, input, value);
  const now = store.clock.now();
  const secret: Secret = {
    name,
    arn: store.newArn(name),
    ...readDescription(input),
    tags: readTags(input),
    createdAt: now,
    changedAt: now,
    versions: value === undefined ? [] : [newVersion(input, value, [CURRENT], now)],
  };
  store.put(secret);
  return secretOut(secret, secret.versions[0]);
}

export function putSecretValue(store: SecretStore, { input }: JsonCall): Record<string, unknown> {
  const secret = store.active(input);
  const value = readValue(input);
  if (value === undefined) throw invalidParameter('You must provide either SecretString or SecretBinary.');
  const stages = textList(input, 'VersionStages');
  const version = putVersion(store, secret, input, value, stages.length === 0 ? [CURRENT] : stages);
  return { ...secretOut(secret, version), VersionStages: version.stages };
}

/** UpdateSecret: description, key and value; a new value becomes AWSCURRENT. */
export function updateSecret(store: SecretStore, { input }: JsonCall): Record<string, unknown> {
  const secret: Secret = { ...store.active(input), ...readDescription(input), changedAt: store.clock.now() };
  const value = readValue(input);
  if (value === undefined) {
    store.put(secret);
    return secretOut(secret, undefined);
  }
  return secretOut(secret, putVersion(store, secret, input, value, [CURRENT]));
}

export function getSecretValue(store: SecretStore, { input }: JsonCall): Record<string, unknown> {
  const secret = store.active(input);
  const id = optionalText(input, 'VersionId');
  const stage = optionalText(input, 'VersionStage');
  const version = findVersion(secret, id, stage);
  if (version === undefined) throw missingVersion(secret, id, stage);
  return {
    ...secretOut(secret, version),
    ...(version.text === undefined ? {} : { SecretString: version.text }),
    ...(version.binary === undefined ? {} : { SecretBinary: version.binary }),
    VersionStages: version.stages,
    CreatedDate: version.createdAt / 1000,
  };
}

function missingVersion(secret: Secret, id: string | undefined, stage: string | undefined): Error {
  if (id !== undefined && stage !== undefined && findVersion(secret, id, undefined) !== undefined) {
    return invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  }
  return noVersion(id === undefined ? `staging label: ${stage ?? CURRENT}` : `VersionId: ${id}`);
}

/** The same token with the same value is the same call again (Secrets Manager API, `ClientRequestToken`). */
function putVersion(
  store: SecretStore,
  secret: Secret,
  input: Input,
  value: Value,
  stages: readonly string[],
): SecretVersion {
  const version = newVersion(input, value, stages, store.clock.now());
  const twin = secret.versions.find(({ id }) => id === version.id);
  if (twin !== undefined && !isSame(twin, value)) {
    throw alreadyExists(
      `You can't use ClientRequestToken ${version.id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  if (twin !== undefined) return twin;
  store.put(withVersion(secret, version));
  return version;
}

function repeatedCreate(secret: Secret, input: Input, value: Value | undefined): Record<string, unknown> {
  if (secret.deletion !== undefined) {
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  const token = optionalText(input, 'ClientRequestToken');
  const twin = secret.versions.find(({ id }) => id === token);
  if (twin === undefined || value === undefined || !isSame(twin, value)) {
    throw alreadyExists(`The operation failed because the secret ${secret.name} already exists.`);
  }
  return secretOut(secret, twin);
}

function isSame(version: SecretVersion, value: Value): boolean {
  return version.text === value.text && version.binary === value.binary;
}

function newVersion(input: Input, value: Value, stages: readonly string[], createdAt: number): SecretVersion {
  return { id: optionalText(input, 'ClientRequestToken') ?? randomUUID(), ...value, stages, createdAt };
}

function readValue(input: Input): Value | undefined {
  const text = optionalText(input, 'SecretString');
  const binary = optionalText(input, 'SecretBinary');
  if (text !== undefined && binary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const bytes = text === undefined ? Buffer.from(binary ?? '', 'base64').length : Buffer.byteLength(text);
  if (bytes > MAX_VALUE_BYTES) throw invalidParameter(`A secret value has up to ${MAX_VALUE_BYTES} bytes.`);
  if (text !== undefined) return { text };
  return binary === undefined ? undefined : { binary };
}

function readDescription(input: Input): { description?: string; kmsKeyId?: string } {
  const description = optionalText(input, 'Description');
  const kmsKeyId = optionalText(input, 'KmsKeyId');
  return { ...(description === undefined ? {} : { description }), ...(kmsKeyId === undefined ? {} : { kmsKeyId }) };
}

function secretOut(secret: Secret, version: SecretVersion | undefined): Record<string, unknown> {
  return { ARN: secret.arn, Name: secret.name, ...(version === undefined ? {} : { VersionId: version.id }) };
}
