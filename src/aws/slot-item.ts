import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Slot } from '../core/slots.ts';

type Update = NonNullable<NonNullable<TransactWriteCommandInput['TransactItems']>[number]['Update']>;

/** As `hasRoom` in core says it: a place is left, or this run has one already. */
const HAS_ROOM = 'attribute_not_exists(#holders) OR size(#holders) < :limit OR contains(#holders, :runId)';

/** The holders of one limit: a set of run ids, which adding and taking away twice changes once. */
export function slotKey(key: string): { PK: string; SK: 'SLOT' } {
  return { PK: `SLOT#${key}`, SK: 'SLOT' };
}

export function takeSlot(table: string, { key, limit }: Slot, runId: string): Update {
  return {
    TableName: table,
    Key: slotKey(key),
    UpdateExpression: 'ADD #holders :holder',
    ConditionExpression: HAS_ROOM,
    ExpressionAttributeNames: { '#holders': 'holders' },
    ExpressionAttributeValues: { ':holder': new Set([runId]), ':runId': runId, ':limit': limit },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

export function giveSlotBack(table: string, key: string, runId: string): Update {
  return {
    TableName: table,
    Key: slotKey(key),
    UpdateExpression: 'DELETE #holders :holder',
    ExpressionAttributeNames: { '#holders': 'holders' },
    ExpressionAttributeValues: { ':holder': new Set([runId]) },
  };
}

/** Ids of runs; the set is absent while nobody holds the key. */
export function holdersOf(item: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const holders = item?.holders;
  return holders instanceof Set ? [...holders].map(String).sort() : [];
}
