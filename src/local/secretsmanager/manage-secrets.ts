import { optionalFlag, optionalNumber, optionalText } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import type { Secret } from './secret.ts';
import { readFilters } from './secret-filters.ts';
import { type SecretStore, secretIdOf } from './secret-store.ts';
import { tagsOut } from './secret-tags.ts';
import { invalidNextToken, invalidParameter, invalidRequest, noSecret } from './secrets-errors.ts';

const DAY_MS = 24 * 3_600_000;
const MAX_PAGE = 100;

export function describeSecret(store: SecretStore, { input }: JsonCall): Record<string, unknown> {
  const secret = store.named(input);
  const stages = Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages]));
  return { ...metadataOut(secret), VersionIdsToStages: stages };
}

/** ListSecrets: the newest first unless `SortOrder` is asc. */
export function listSecrets(store: SecretStore, { input }: JsonCall): Record<string, unknown> {
  const max = optionalNumber(input, 'MaxResults') ?? MAX_PAGE;
  if (!Number.isInteger(max) || max < 1 || max > MAX_PAGE) {
    throw invalidParameter(`Value ${max} at 'maxResults' must be from 1 to ${MAX_PAGE}.`);
  }
  const isWanted = readFilters(input);
  const deletedToo = optionalFlag(input, 'IncludePlannedDeletion') === true;
  const found = store
    .all()
    .filter((secret) => (deletedToo || secret.deletion === undefined) && isWanted(secret))
    .sort((a, b) => b.createdAt - a.createdAt);
  if (optionalText(input, 'SortOrder') === 'asc') found.reverse();
  const start = readToken(found, optionalText(input, 'NextToken'));
  const shown = found.slice(start, start + max);
  const last = shown.at(-1);
  const more = last !== undefined && start + max < found.length;
  return {
    SecretList: shown.map((secret) => ({
      ...metadataOut(secret),
      SecretVersionsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages])),
    })),
    ...(more ? { NextToken: Buffer.from(last.name).toString('base64') } : {}),
  };
}

/** DeleteSecret: marks it for deletion after the recovery window, or deletes it at once when forced to. */
export function deleteSecret(store: SecretStore, { input }: JsonCall): Record<string, unknown> {
  const days = optionalNumber(input, 'RecoveryWindowInDays');
  const force = optionalFlag(input, 'ForceDeleteWithoutRecovery') === true;
  if (force && days !== undefined) {
    throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  }
  if (days !== undefined && (days < 7 || days > 30)) {
    throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  }
  return force ? deleteNow(store, secretIdOf(input)) : deleteLater(store, store.named(input), days ?? 30);
}

export function restoreSecret(store: SecretStore, { input }: JsonCall): Record<string, unknown> {
  const { deletion: _, ...secret } = store.named(input);
  store.put(secret);
  return { ARN: secret.arn, Name: secret.name };
}

/** Deleting by force what does not exist is no error (Secrets Manager API, DeleteSecret). */
function deleteNow(store: SecretStore, id: string): Record<string, unknown> {
  const secret = store.find(id);
  const DeletionDate = store.clock.now() / 1000;
  if (secret !== undefined) store.drop(secret.name);
  else if (id.startsWith('arn:')) throw noSecret();
  return { ARN: secret?.arn ?? store.newArn(id), Name: secret?.name ?? id, DeletionDate };
}

function deleteLater(store: SecretStore, secret: Secret, days: number): Record<string, unknown> {
  if (secret.deletion !== undefined) {
    throw invalidRequest(
      "You can't perform this operation on the secret because it was already scheduled for deletion.",
    );
  }
  const markedAt = store.clock.now();
  const dueAt = markedAt + days * DAY_MS;
  store.put({ ...secret, deletion: { markedAt, dueAt } });
  return { ARN: secret.arn, Name: secret.name, DeletionDate: dueAt / 1000 };
}

function metadataOut(secret: Secret): Record<string, unknown> {
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description === undefined ? {} : { Description: secret.description }),
    ...(secret.kmsKeyId === undefined ? {} : { KmsKeyId: secret.kmsKeyId }),
    CreatedDate: secret.createdAt / 1000,
    LastChangedDate: secret.changedAt / 1000,
    ...(secret.deletion === undefined ? {} : { DeletedDate: secret.deletion.markedAt / 1000 }),
    Tags: tagsOut(secret.tags),
  };
}

function readToken(found: readonly Secret[], token: string | undefined): number {
  if (token === undefined) return 0;
  const name = Buffer.from(token, 'base64').toString();
  const at = found.findIndex((secret) => secret.name === name);
  if (at < 0) throw invalidNextToken();
  return at + 1;
}
