import { type Input, optionalText, structureList, textList } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import type { SecretStore } from './secret-store.ts';
import { invalidParameter } from './secrets-errors.ts';

const MAX_TAGS = 50;

export function tagResource(store: SecretStore, { input }: JsonCall): Record<string, unknown> {
  const secret = store.active(input);
  const tags = { ...secret.tags, ...readTags(input) };
  if (Object.keys(tags).length > MAX_TAGS) throw invalidParameter(`A secret has up to ${MAX_TAGS} tags.`);
  store.put({ ...secret, tags });
  return {};
}

export function untagResource(store: SecretStore, { input }: JsonCall): Record<string, unknown> {
  const secret = store.active(input);
  const keys = textList(input, 'TagKeys');
  store.put({
    ...secret,
    tags: Object.fromEntries(Object.entries(secret.tags).filter(([key]) => !keys.includes(key))),
  });
  return {};
}

export function readTags(input: Input): Record<string, string> {
  const pairs = structureList(input, 'Tags').map((tag) => {
    const key = optionalText(tag, 'Key') ?? '';
    if (key === '') throw invalidParameter('Every tag needs a Key.');
    return [key, optionalText(tag, 'Value') ?? ''];
  });
  return Object.fromEntries(pairs);
}

export function tagsOut(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
