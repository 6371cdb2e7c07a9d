import { randomUUID } from 'node:crypto';
import {
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { recordUntil } from '../core/retention.ts';
import type { FlowRun } from '../core/run.ts';
import type { FullSlot, Slot } from '../core/slots.ts';
import type { RunTable } from './batch-get-runs.ts';
import type { Condition } from './conditions.ts';
import { type PauseTiming, pauseAfterConflict } from './conflict-pause.ts';
import { InTurn } from './in-turn.ts';
import { noticeMark } from './notice-mark.ts';
import { toItem } from './run-item.ts';
import { giveSlotBack, holdersOf, takeSlot } from './slot-item.ts';
import { timeToLive } from './time-to-live.ts';

export type WriteOutcome =
  | { readonly kind: 'written' }
  /** The item as somebody else has left it. */
  | { readonly kind: 'in-the-way'; readonly item: Readonly<Record<string, unknown>> }
  | { readonly kind: 'full'; readonly slot: FullSlot };

export interface SlotChanges {
  readonly taken: readonly Slot[];
  readonly freed: readonly Slot[];
}

export interface RecordRules {
  /** Whether somebody is to be told of a run's end; nobody if left out. */
  readonly wantsNotice?: ((run: FlowRun) => boolean) | undefined;
  /** For how long an ended run is kept, in milliseconds; undefined for ever. */
  readonly retentionMs?: (() => number | undefined) | undefined;
  /** For pauses between the sendings of a transaction that meets others; none for a program that writes once. */
  readonly pauses?: PauseTiming | undefined;
}

export const NO_SLOTS: SlotChanges = { taken: [], freed: [] };

/** So often is a transaction sent again that met another one under way on the same items. */
const MAX_TRIES = 10;

/** Writes whole records, together with the slots that they take or give back: all of it or nothing. */
export class RecordWriter {
  readonly #table: RunTable;
  readonly #rules: RecordRules;
  readonly #writer = randomUUID();
  readonly #inTurn = new InTurn();
  /** By key: the last answer that a limit is full, and how many writes were asked for by then. */
  readonly #full = new Map<string, { readonly slot: FullSlot; readonly asked: number }>();
  #writes = 0;

  constructor(table: RunTable, rules: RecordRules = {}) {
    this.#table = table;
    this.#rules = rules;
  }

  /**
   * Resolves to `written` also when the SDK has repeated a write whose answer was lost, and met its own: the nonce tells.
   * Transactions about the same slot are sent one after the other; DynamoDB would cancel all but one of them.
   */
  write(run: FlowRun, condition: Condition, slots: SlotChanges = NO_SLOTS): Promise<WriteOutcome> {
    this.#writes += 1;
    const asked = this.#writes;
    const nonce = `${this.#writer}:${asked}`;
    const keys = [...slots.taken, ...slots.freed].map(({ key }) => key);
    if (keys.length === 0) return this.#repeat(run, nonce, slots, () => this.#put(run, nonce, condition));
    const send = this.#transaction(run, nonce, condition, slots);
    return this.#inTurn.run(keys, async () => {
      const known = this.#knownFull(slots, asked);
      if (known !== undefined) return { kind: 'full', slot: known };
      const outcome = await this.#repeat(run, nonce, slots, send);
      this.#remember(outcome, slots);
      return outcome;
    });
  }

  /** What was full when others asked after us, who waited for our turn, is full for us: a crowd asks once. */
  #knownFull({ taken }: SlotChanges, asked: number): FullSlot | undefined {
    return taken.map(({ key }) => this.#full.get(key)).find((full) => full !== undefined && full.asked >= asked)?.slot;
  }

  #remember(outcome: WriteOutcome, { taken, freed }: SlotChanges): void {
    if (outcome.kind === 'full') this.#full.set(outcome.slot.key, { slot: outcome.slot, asked: this.#writes });
    if (outcome.kind === 'written') for (const { key } of [...taken, ...freed]) this.#full.delete(key);
  }

  async #repeat(run: FlowRun, nonce: string, slots: SlotChanges, send: () => Promise<unknown>): Promise<WriteOutcome> {
    for (let tries = 1; ; tries += 1) {
      try {
        await send();
        return { kind: 'written' };
      } catch (error) {
        const outcome = outcomeOf(error, run, nonce, slots);
        if (outcome !== 'conflict') return outcome;
        if (tries === MAX_TRIES) throw error;
        await pauseAfterConflict(this.#rules.pauses, tries);
      }
    }
  }

  #put(run: FlowRun, nonce: string, condition: Condition): Promise<unknown> {
    return this.#table.client.send(new PutCommand({ ...this.#recordPut(run, nonce), ...condition }));
  }

  #recordPut(run: FlowRun, nonce: string) {
    const { wantsNotice, retentionMs } = this.#rules;
    const mark = wantsNotice?.(run) ? noticeMark(run) : undefined;
    const Item = { ...toItem(run, nonce), ...mark, ...timeToLive(recordUntil(run, retentionMs?.())) };
    return { TableName: this.#table.table, Item, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  }

  /** One token for all repeats: within ten minutes DynamoDB answers them as the first one (API TransactWriteItems). */
  #transaction(
    run: FlowRun,
    nonce: string,
    condition: Condition,
    { taken, freed }: SlotChanges,
  ): () => Promise<unknown> {
    const { client, table } = this.#table;
    const input = {
      ClientRequestToken: randomUUID(),
      TransactItems: [
        { Put: { ...this.#recordPut(run, nonce), ...condition } },
        ...taken.map((slot) => ({ Update: takeSlot(table, slot, run.runId) })),
        ...freed.map(({ key }) => ({ Update: giveSlotBack(table, key, run.runId) })),
      ],
    };
    return () => client.send(new TransactWriteCommand(input));
  }
}

/** What a failed write means: for the record first, since a slot that is full may be so by our own write. */
function outcomeOf(error: unknown, run: FlowRun, nonce: string, slots: SlotChanges): WriteOutcome | 'conflict' {
  if (error instanceof TransactionConflictException) return 'conflict';
  if (error instanceof ConditionalCheckFailedException) return inTheWay(run, nonce, error.Item);
  if (!(error instanceof TransactionCanceledException)) throw error;
  const [ofRecord, ...ofSlots] = error.CancellationReasons ?? [];
  if (isRefused(ofRecord)) return inTheWay(run, nonce, ofRecord?.Item);
  const full = slots.taken.findIndex((_, index) => isRefused(ofSlots[index]));
  const slot = slots.taken[full];
  if (slot !== undefined) return { kind: 'full', slot: { ...slot, holders: holdersIn(ofSlots[full]) } };
  if ([ofRecord, ...ofSlots].some((reason) => reason?.Code === 'TransactionConflict')) return 'conflict';
  throw error;
}

/** API TransactWriteItems, "Cancellation reason codes". */
function isRefused(reason: CancellationReason | undefined): boolean {
  return reason?.Code === 'ConditionalCheckFailed';
}

/** Items stay marshalled in exceptions, even from a document client. */
function inTheWay({ runId }: FlowRun, nonce: string, marshalled: CancellationReason['Item']): WriteOutcome {
  const item = marshalled === undefined ? undefined : unmarshall(marshalled);
  if (item === undefined) throw new Error(`run ${runId} is no longer on record`);
  return item.nonce === nonce ? { kind: 'written' } : { kind: 'in-the-way', item };
}

function holdersIn(reason: CancellationReason | undefined): readonly string[] {
  return holdersOf(reason?.Item === undefined ? undefined : unmarshall(reason.Item));
}
