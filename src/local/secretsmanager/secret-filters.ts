import { type Input, optionalText, structureList, textList } from '../read-input.ts';
import type { Secret } from './secret.ts';
import { invalidParameter } from './secrets-errors.ts';

const MAX_FILTERS = 10;
const MAX_VALUES = 10;

type Matcher = (secret: Secret, value: string) => boolean;

/**
 * By `Key` of a filter. Names and tags: the beginning, case counts; descriptions: the beginning, case does not count;
 * `all`: any word in any of them (Secrets Manager API, Filter).
 */
const MATCHERS: Readonly<Record<string, Matcher>> = {
  name: (secret, value) => secret.name.startsWith(value),
  'tag-key': (secret, value) => Object.keys(secret.tags).some((key) => key.startsWith(value)),
  'tag-value': (secret, value) => Object.values(secret.tags).some((text) => text.startsWith(value)),
  description: (secret, value) => (secret.description ?? '').toLowerCase().startsWith(value.toLowerCase()),
  all: (secret, value) => matchesAnywhere(secret, value),
};

/** Reads `Filters`: a secret must match every filter, by any of its values; `!` before a value turns it round. */
export function readFilters(input: Input): (secret: Secret) => boolean {
  const filters = structureList(input, 'Filters');
  if (filters.length > MAX_FILTERS) throw invalidParameter(`Up to ${MAX_FILTERS} filters can be given.`);
  const tests = filters.map(readFilter);
  return (secret) => tests.every((test) => test(secret));
}

function readFilter(filter: Input): (secret: Secret) => boolean {
  const key = optionalText(filter, 'Key') ?? '';
  const matcher = Object.hasOwn(MATCHERS, key) ? MATCHERS[key] : undefined;
  if (matcher === undefined) {
    throw invalidParameter(`Local AWS filters secrets by ${Object.keys(MATCHERS).join(', ')}, not by '${key}'.`);
  }
  const values = textList(filter, 'Values');
  if (values.length < 1 || values.length > MAX_VALUES) {
    throw invalidParameter(`The filter ${key} needs from 1 to ${MAX_VALUES} values.`);
  }
  return (secret) => values.some((value) => matches(matcher, secret, value));
}

function matches(matcher: Matcher, secret: Secret, value: string): boolean {
  return value.startsWith('!') ? !matcher(secret, value.slice(1)) : matcher(secret, value);
}

function matchesAnywhere(secret: Secret, value: string): boolean {
  const { name, description = '', tags } = secret;
  const texts = [name, description, ...Object.keys(tags), ...Object.values(tags)].map((text) => text.toLowerCase());
  const words = value.toLowerCase().split(/\s+/);
  return words.some((word) => texts.some((text) => text.includes(word)));
}
