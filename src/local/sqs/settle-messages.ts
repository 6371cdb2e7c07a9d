import { type Input, optionalText } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import { batchEntries, runBatch } from './batch.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import { type Receipt, readReceiptHandle } from './receipt-handle.ts';
import { readVisibilityMs } from './receive-messages.ts';
import type { SqsAccount } from './sqs-account.ts';
import { invalidParameter, invalidValue, messageNotInflight, missingParameter } from './sqs-errors.ts';

/** SQS API, ChangeMessageVisibility: counted from the receive; extensions do not move it. */
const MAX_TOTAL_VISIBILITY_MS = 43_200_000;

export function deleteMessage(account: SqsAccount, { input }: JsonCall): Record<string, unknown> {
  const queue = account.queueOf(input);
  deleteOne(account, queue, input);
  return wakeFifo(account, queue, {});
}

export function deleteMessageBatch(account: SqsAccount, { input }: JsonCall): Record<string, unknown> {
  const queue = account.queueOf(input);
  const entries = batchEntries(input, 'DeleteMessageBatchRequestEntry');
  const answer = runBatch(entries, (entry) => {
    deleteOne(account, queue, entry);
    return {};
  });
  return wakeFifo(account, queue, answer);
}

export function changeMessageVisibility(account: SqsAccount, { input }: JsonCall): Record<string, unknown> {
  const queue = account.queueOf(input);
  changeOne(account, queue, input);
  account.polls.wake(queue);
  return {};
}

export function changeMessageVisibilityBatch(account: SqsAccount, { input }: JsonCall): Record<string, unknown> {
  const queue = account.queueOf(input);
  const entries = batchEntries(input, 'ChangeMessageVisibilityBatchRequestEntry');
  const answer = runBatch(entries, (entry) => {
    changeOne(account, queue, entry);
    return {};
  });
  account.polls.wake(queue);
  return answer;
}

/**
 * Deletes by the newest receipt. An older one succeeds without deleting in a standard queue; in a FIFO queue a receipt
 * whose time is over has expired (SQS API, DeleteMessage). What is gone already is deleted.
 */
function deleteOne(account: SqsAccount, queue: Queue, input: Input): void {
  const { handle, receipt } = readReceipt(queue, input);
  const message = findReceived(queue, receipt);
  if (message === undefined) return;
  const newest = receipt.count === message.receiveCount;
  if (queue.fifo && !(newest && message.inFlight)) {
    throw invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  }
  if (newest) account.change({ op: 'delete', queue: queue.name, seqs: [message.seq] });
}

function changeOne(account: SqsAccount, queue: Queue, input: Input): void {
  const { handle, receipt } = readReceipt(queue, input);
  const visibilityMs = readVisibilityMs(input);
  if (visibilityMs === undefined) throw missingParameter('VisibilityTimeout');
  const message = findReceived(queue, receipt);
  if (message === undefined) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw invalidValue(handle, 'ReceiptHandle', reason);
  }
  if (!message.inFlight || receipt.count !== message.receiveCount) throw messageNotInflight();
  const visibleAt = account.clock.now() + visibilityMs;
  if (visibleAt - (message.receivedAt ?? 0) > MAX_TOTAL_VISIBILITY_MS) {
    throw invalidParameter(
      `Value ${visibilityMs / 1000} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
    );
  }
  account.change({ op: 'visible', queue: queue.name, seq: message.seq, at: visibleAt });
  queue.tick(account.clock.now());
}

function readReceipt(queue: Queue, input: Input): { handle: string; receipt: Receipt } {
  const handle = optionalText(input, 'ReceiptHandle') ?? '';
  if (handle === '') throw missingParameter('ReceiptHandle');
  return { handle, receipt: readReceiptHandle(queue.name, handle) };
}

function findReceived(queue: Queue, receipt: Receipt): Message | undefined {
  const message = queue.find(receipt.seq);
  return message?.id === receipt.id ? message : undefined;
}

/** A deleted message may have been what locked its group. */
function wakeFifo<T>(account: SqsAccount, queue: Queue, answer: T): T {
  if (queue.fifo) account.polls.wake(queue);
  return answer;
}
