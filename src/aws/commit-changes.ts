import { randomUUID } from 'node:crypto';
import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import type { QueuedRun } from '../core/run.ts';
import type { CommitOutcome, ScheduleChange } from '../core/schedules/schedule-store.ts';
import type { RunTable } from './batch-get-runs.ts';
import { type PauseTiming, pauseAfterConflict } from './conflict-pause.ts';
import { toItem } from './run-item.ts';
import { toScheduleItem } from './schedule-item.ts';

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** API TransactWriteItems: the most actions of one transaction. */
const MAX_ACTIONS = 100;

/** One change alone must fit, its state included. */
export const MAX_RUNS_OF_CHANGE = MAX_ACTIONS - 1;

/** Changes of one transaction: enough to save round trips, few enough that one lost race does not hold up many. */
const MAX_CHANGES = 25;

/** Transactions under way at once. */
const CONCURRENCY = 8;

/** Sendings of one transaction, less and less of it each time. */
const MAX_SENDINGS = 8;

/** A change on its way: its runs without those that are on record already. */
interface Pending {
  readonly index: number;
  readonly change: ScheduleChange;
  readonly runs: readonly QueuedRun[];
}

/**
 * Carries out many changes in few transactions. Where one of them is refused, DynamoDB says which conditions failed: the
 * changes that lost their race are left out and the others sent again, so that nobody fails for another's sake.
 */
export async function commitChanges(
  table: RunTable,
  changes: readonly ScheduleChange[],
  pauses?: PauseTiming,
): Promise<readonly CommitOutcome[]> {
  const limit = pLimit(CONCURRENCY);
  const outcomes = changes.map((): CommitOutcome => 'done');
  const packs = packsOf(changes.map((change, index) => ({ index, change, runs: change.runs })));
  const lost = await Promise.all(packs.map((pack) => limit(() => commitPack(table, pack, pauses))));
  for (const { index } of lost.flat()) outcomes[index] = 'lost';
  return outcomes;
}

function packsOf(pending: readonly Pending[]): readonly (readonly Pending[])[] {
  const packs: Pending[][] = [];
  let room = 0;
  for (const one of pending) {
    const actions = 1 + one.runs.length;
    const last = packs.at(-1);
    if (last === undefined || actions > room || last.length >= MAX_CHANGES) {
      packs.push([one]);
      room = MAX_ACTIONS - actions;
    } else {
      last.push(one);
      room -= actions;
    }
  }
  return packs;
}

/** Resolves to the changes that were not carried out. */
async function commitPack(
  table: RunTable,
  pack: readonly Pending[],
  pauses: PauseTiming | undefined,
): Promise<readonly Pending[]> {
  const lost: Pending[] = [];
  let pending = pack;
  for (let sending = 0; pending.length > 0; sending += 1) {
    const reasons = await send(table, pending);
    if (reasons === undefined) return lost;
    // Somebody else is at the same schedules: whoever asks again later finds what they have made of them.
    if (sending === MAX_SENDINGS) return [...lost, ...pending];
    const judged = judge(pending, reasons);
    lost.push(...judged.lost);
    pending = judged.pending;
    if (reasons.some(({ Code }) => Code === 'TransactionConflict')) await pauseAfterConflict(pauses, sending + 1);
  }
  return lost;
}

/** Resolves to undefined when all of it is on record, else to why each action was or was not in the way. */
async function send(
  { client, table }: RunTable,
  pending: readonly Pending[],
): Promise<readonly CancellationReason[] | undefined> {
  try {
    await client.send(
      new TransactWriteCommand({
        TransactItems: pending.flatMap((one) => actionsOf(one, table)),
        // The SDK repeats a call whose answer was lost: with a token the repeat is told that it has succeeded.
        ClientRequestToken: randomUUID(),
      }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return error.CancellationReasons ?? [];
  }
}

function actionsOf({ change, runs }: Pending, TableName: string): readonly Action[] {
  const state = {
    Put: {
      TableName,
      Item: toScheduleItem(change.to),
      ConditionExpression: '#version = :expected',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':expected': change.from.version },
    },
  };
  const put = (run: QueuedRun): Action => ({
    Put: { TableName, Item: { ...toItem(run, randomUUID()) }, ConditionExpression: 'attribute_not_exists(PK)' },
  });
  return [state, ...runs.map(put)];
}

function judge(
  pending: readonly Pending[],
  reasons: readonly CancellationReason[],
): { readonly lost: readonly Pending[]; readonly pending: readonly Pending[] } {
  const lost: Pending[] = [];
  const left: Pending[] = [];
  let at = 0;
  for (const one of pending) {
    const [state, ...runs] = reasons.slice(at, at + 1 + one.runs.length);
    at += 1 + one.runs.length;
    if (state?.Code === 'ConditionalCheckFailed') lost.push(one);
    else left.push({ ...one, runs: one.runs.filter((_, i) => runs[i]?.Code !== 'ConditionalCheckFailed') });
  }
  return { lost, pending: left };
}
