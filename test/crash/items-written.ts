import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Call } from '../../src/local/faults.ts';

export type Item = Readonly<Record<string, unknown>>;

/** The items that a call of DynamoDB puts, as plain values; none for any other call. */
export function itemsWritten({ operation, input }: Call): readonly Item[] {
  if (operation === 'dynamodb.PutItem') return itemsIn(input);
  if (operation !== 'dynamodb.TransactWriteItems') return [];
  const { TransactItems = [] } = input as { TransactItems?: readonly { readonly Put?: unknown }[] };
  return TransactItems.flatMap(({ Put }) => itemsIn(Put));
}

function itemsIn(put: unknown): readonly Item[] {
  const { Item } = (put ?? {}) as { Item?: Parameters<typeof unmarshall>[0] };
  return Item === undefined ? [] : [unmarshall(Item)];
}
