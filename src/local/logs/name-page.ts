import { type Input, optionalNumber, optionalText } from '../read-input.ts';
import { invalidParameter } from './logs-errors.ts';

const MAX_PAGE = 50;

/** One page of a list that is in its final order; `keyOf` tells its items apart and the token is a key. */
export function pageOf<T>(
  input: Input,
  items: readonly T[],
  keyOf: (item: T) => string,
): { shown: readonly T[]; nextToken: string | undefined } {
  const limit = optionalNumber(input, 'limit') ?? MAX_PAGE;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw invalidParameter(`Value ${limit} at 'limit' failed to satisfy constraint: it must be from 1 to ${MAX_PAGE}.`);
  }
  const token = optionalText(input, 'nextToken');
  const start = token === undefined ? 0 : items.findIndex((item) => keyOf(item) === decoded(token)) + 1;
  if (token !== undefined && start === 0) throw invalidParameter('The specified nextToken is invalid.');
  const shown = items.slice(start, start + limit);
  const last = shown.at(-1);
  const more = last !== undefined && start + limit < items.length;
  return { shown, nextToken: more ? Buffer.from(keyOf(last)).toString('base64') : undefined };
}

function decoded(token: string): string {
  return Buffer.from(token, 'base64').toString();
}
