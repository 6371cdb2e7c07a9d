import { type FlowRun, isInFlight } from './run.ts';
import type { Reason } from './verdict.ts';

/** A place under a limit: at most `limit` runs in flight hold the same key at once, whichever agents launched them. */
export interface Slot {
  readonly key: string;
  readonly limit: number;
}

/** A limit that has no place left, and who holds its places. */
export interface FullSlot extends Slot {
  /** Ids of runs. */
  readonly holders: readonly string[];
}

/** The holders of a key are kept together in one item, and an item ends at 400 KB (DynamoDB, "Constraints"). */
export const MAX_SLOT_LIMIT = 1_000;

/** So many limits at most hold for one run: a transaction has 100 actions (API TransactWriteItems), the record's included. */
export const MAX_SLOTS = 50;

/** The slots that a run holds: from its claim until it leaves flight, whatever happens in between. */
export function heldSlots(run: FlowRun): readonly Slot[] {
  return isInFlight(run) ? (run.intent.slots ?? []) : [];
}

/** The slots that a run holds, or held before it left flight. */
export function lastSlots(run: FlowRun): readonly Slot[] {
  return (run.status === 'QUEUED' ? run.slots : run.intent?.slots) ?? [];
}

/** What a run that goes back to the queue will have to take again. */
export function slotsToTake(run: FlowRun): { readonly slots?: readonly Slot[] } {
  const slots = heldSlots(run);
  return slots.length === 0 ? {} : { slots };
}

/** What a move takes and gives back; both belong into the very write that makes the move. */
export function slotMoves(
  from: FlowRun,
  to: FlowRun,
): { readonly taken: readonly Slot[]; readonly freed: readonly Slot[] } {
  return { taken: without(heldSlots(to), heldSlots(from)), freed: without(heldSlots(from), heldSlots(to)) };
}

/** Whether a run may take its place: a run that holds one already takes no second one. */
export function hasRoom(holders: readonly string[], { limit }: Slot, runId: string): boolean {
  return holders.length < limit || holders.includes(runId);
}

/** Why a run waits for a slot. The message stays the same as long as the limit does; who holds the places changes. */
export function limitReached({ key, limit, holders }: FullSlot): Reason {
  const named = holders.slice(0, NAMED_HOLDERS).join(', ');
  const more = holders.length > NAMED_HOLDERS ? ` and ${holders.length - NAMED_HOLDERS} more` : '';
  return {
    code: 'LIMIT_REACHED',
    message: `The limit ${key} allows ${limit} at once.`,
    evidence: `${holders.length} of ${limit} in use: ${named}${more}`,
  };
}

const NAMED_HOLDERS = 5;

function without(slots: readonly Slot[], others: readonly Slot[]): readonly Slot[] {
  return slots.filter(({ key }) => !others.some((other) => other.key === key));
}
