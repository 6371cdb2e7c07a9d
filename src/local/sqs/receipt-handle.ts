import type { Message } from './message.ts';
import { receiptHandleIsInvalid } from './sqs-errors.ts';

/** Which receive of which message a handle stands for. */
export interface Receipt {
  readonly queue: string;
  readonly seq: number;
  /** The message's receive count at that receive. */
  readonly count: number;
  readonly id: string;
}

const RECEIPT = /^(\d+) (\d+) ([0-9a-f-]{36}) (\S+)$/;

/** The handle of the message's latest receive. */
export function receiptHandleOf(queue: string, message: Message): string {
  return Buffer.from(`${message.seq} ${message.receiveCount} ${message.id} ${queue}`).toString('base64');
}

/** Reads a handle that this queue gave out; any other is `ReceiptHandleIsInvalid`. */
export function readReceiptHandle(queue: string, handle: string): Receipt {
  const match = RECEIPT.exec(Buffer.from(handle, 'base64').toString('utf8'));
  const [, seq, count, id, from] = match ?? [];
  if (id === undefined || from !== queue) throw receiptHandleIsInvalid(handle);
  return { queue, seq: Number(seq), count: Number(count), id };
}
