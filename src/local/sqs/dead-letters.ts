import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import type { SqsChange } from './queue-changes.ts';
import type { SqsAccount } from './sqs-account.ts';

/** Where a message goes that has been received too often; undefined while it may be received once more. */
export function deadLetterQueueFor(account: SqsAccount, queue: Queue, message: Message): Queue | undefined {
  const policy = queue.redrive;
  if (policy === undefined || message.receiveCount < policy.maxReceiveCount) return undefined;
  const target = account.queueByArn(policy.deadLetterTargetArn);
  return target === queue ? undefined : target;
}

/**
 * Moves a message to the dead-letter queue: it keeps its id, its receive count and, unless the queue is FIFO, the time
 * at which it was sent (SQS Developer Guide, "Using dead-letter queues").
 */
export function toDeadLetters(account: SqsAccount, from: Queue, to: Queue, message: Message): SqsChange[] {
  const sentAt = to.fifo ? account.clock.now() : message.sentAt;
  const { receivedAt: _, ...rest } = message;
  const moved: Message = {
    ...rest,
    seq: takeSeq(to),
    source: account.arnOf(from),
    sentAt,
    visibleAt: sentAt,
    inFlight: false,
  };
  return [
    { op: 'delete', queue: from.name, seqs: [message.seq] },
    { op: 'put', queue: to.name, message: moved },
  ];
}

/** Takes the next sequence before the change is applied, for several messages in one change. */
export function takeSeq(queue: Queue): number {
  const seq = queue.nextSeq;
  queue.nextSeq = seq + 1;
  return seq;
}
