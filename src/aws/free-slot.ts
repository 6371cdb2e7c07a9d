import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { FlowRun } from '../core/run.ts';
import type { RunTable } from './batch-get-runs.ts';
import { IS_ABSENT, isUnchanged } from './conditions.ts';
import { runKey } from './run-item.ts';
import { giveSlotBack } from './slot-item.ts';

/**
 * Takes a slot from a run that does not hold it by its record. The record is checked in the same transaction: the run may
 * have been claimed since it was read. False if it has changed, or another transaction is under way.
 */
export async function freeSlot(
  { client, table }: RunTable,
  key: string,
  runId: string,
  seen: FlowRun | undefined,
): Promise<boolean> {
  const condition = seen === undefined ? IS_ABSENT : isUnchanged(seen);
  try {
    await client.send(
      new TransactWriteCommand({
        TransactItems: [
          { ConditionCheck: { TableName: table, Key: runKey(runId), ...condition } },
          { Update: giveSlotBack(table, key, runId) },
        ],
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return false;
    throw error;
  }
}
