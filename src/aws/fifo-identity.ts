import { parseRunRequest } from '../core/parse-run-request.ts';
import type { QueueMessage } from '../core/request-queue.ts';
import { base32Hash } from '../core/run-identity.ts';

/** What SQS demands of a message for a FIFO queue. */
export interface FifoIdentity {
  readonly MessageGroupId: string;
  readonly MessageDeduplicationId: string;
}

/** API SendMessage: both ids are 1 to 128 alphanumeric and punctuation characters. */
const IDENTIFIER = /^[!-~]{1,128}$/;

/** A FIFO queue is told by its name (API CreateQueue, `QueueName`); its dead-letter queue is FIFO too. */
export function isFifo(queueUrl: string): boolean {
  return queueUrl.endsWith('.fifo');
}

/** Requests for one flow keep their order; the same wish, told twice, is one message. */
export function identityOfRequest(body: string): FifoIdentity {
  const parsed = parseRunRequest(body);
  const { flow = 'unreadable', runId = '' } = parsed.ok ? parsed.value.request : {};
  return { MessageGroupId: identifierOf(flow), MessageDeduplicationId: base32Hash(runId, body) };
}

/** A message that is buried twice, because the first answer was lost, lies in its grave once. */
export function identityOfBuried({ messageId, group = 'buried' }: QueueMessage): FifoIdentity {
  return { MessageGroupId: group, MessageDeduplicationId: messageId };
}

function identifierOf(flow: string): string {
  return IDENTIFIER.test(flow) ? flow : base32Hash(flow);
}
