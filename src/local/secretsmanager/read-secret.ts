import { isInput } from '../read-input.ts';
import { findVersion } from './secret.ts';
import type { SecretReader } from './secret-reader.ts';
import type { SecretStore } from './secret-store.ts';

/** `arn:aws:secretsmanager:region:account:secret:name` has seven parts; a version and a JSON key are three more. */
const ARN_PARTS = 7;

export function secretReaderOf(store: SecretStore): SecretReader {
  return {
    read: (valueFrom) => {
      const { id, jsonKey, stage, versionId } = parseValueFrom(valueFrom);
      const secret = store.find(id);
      if (secret === undefined || secret.deletion !== undefined) return undefined;
      const text = findVersion(secret, versionId, stage)?.text;
      return text === undefined || jsonKey === undefined ? text : memberOf(text, jsonKey);
    },
  };
}

/** Empty parts mean nothing is said, as in `…:secret:name-AbCdEf:json-key::`. */
function parseValueFrom(valueFrom: string) {
  if (!valueFrom.startsWith('arn:')) return { id: valueFrom };
  const parts = valueFrom.split(':');
  const [jsonKey, stage, versionId] = parts.slice(ARN_PARTS).map((part) => (part === '' ? undefined : part));
  return { id: parts.slice(0, ARN_PARTS).join(':'), jsonKey, stage, versionId };
}

function memberOf(text: string, key: string): string | undefined {
  const value = parsed(text)?.[key];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isInput(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
