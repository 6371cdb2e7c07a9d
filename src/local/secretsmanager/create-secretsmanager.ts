import { type JsonCall, type JsonService, type LocalClock, unknownOperation } from '../service.ts';
import { deleteSecret, describeSecret, listSecrets, restoreSecret } from './manage-secrets.ts';
import { secretReaderOf } from './read-secret.ts';
import type { SecretReader } from './secret-reader.ts';
import { SecretStore } from './secret-store.ts';
import { tagResource, untagResource } from './secret-tags.ts';
import { createSecret, getSecretValue, putSecretValue, updateSecret } from './secret-values.ts';

export interface SecretsManagerOptions {
  /** Undefined keeps nothing on disk. Values are on disk as they are: this is no place for real secrets. */
  readonly stateDir: string | undefined;
  readonly clock: LocalClock;
  readonly region: string;
  readonly accountId: string;
}

type Operation = (store: SecretStore, call: JsonCall) => Record<string, unknown>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateSecret: createSecret,
  DeleteSecret: deleteSecret,
  DescribeSecret: describeSecret,
  GetSecretValue: getSecretValue,
  ListSecrets: listSecrets,
  PutSecretValue: putSecretValue,
  RestoreSecret: restoreSecret,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateSecret: updateSecret,
};

/** Local Secrets Manager: secrets with versions, stages, tags and deletion; no rotation, no replication. */
export function createSecretsManager(options: SecretsManagerOptions): JsonService & { readonly reader: SecretReader } {
  const store = new SecretStore(options);
  return {
    name: 'secretsmanager',
    targetPrefix: 'secretsmanager',
    contentType: 'application/x-amz-json-1.1',
    call: async (call) => {
      const operation = Object.hasOwn(OPERATIONS, call.operation) ? OPERATIONS[call.operation] : undefined;
      if (operation === undefined) throw unknownOperation('Secrets Manager', call.operation);
      return operation(store, call);
    },
    reader: secretReaderOf(store),
    close: async () => store.close(),
  };
}
