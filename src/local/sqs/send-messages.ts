import { createHash, randomUUID } from 'node:crypto';
import { type Input, optionalNumber, optionalText } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import { batchEntries, runBatch } from './batch.ts';
import type { RememberedSend } from './dedup-window.ts';
import type { Message } from './message.ts';
import {
  type MessageAttributes,
  md5OfAttributes,
  readMessageAttributes,
  sizeOfAttributes,
} from './message-attributes.ts';
import type { Queue } from './queue.ts';
import type { SqsAccount } from './sqs-account.ts';
import { batchError, invalidMessageContents, invalidParameter, invalidValue, missingParameter } from './sqs-errors.ts';

const MAX_BATCH_BYTES = 1_048_576;
const MAX_DELAY_SECONDS = 900;
/** The characters that a body may hold: those of XML 1.0 (SQS API, SendMessage). */
const FORBIDDEN_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
/** SQS API, MessageGroupId and MessageDeduplicationId: alphanumeric and punctuation, 1 to 128. */
const IDENTIFIER = /^[!-~]{1,128}$/;

/** What a message to send says, checked. */
interface Draft {
  readonly body: string;
  readonly attributes: MessageAttributes | undefined;
  readonly traceHeader: string | undefined;
  readonly delayMs: number;
  readonly group: string | undefined;
  readonly dedup: string | undefined;
}

export function sendMessage(account: SqsAccount, { input, caller }: JsonCall): Record<string, unknown> {
  const queue = account.queueOf(input);
  const draft = readDraft(queue, input, fifoIdentity(queue, input));
  const answer = put(account, queue, draft, caller);
  account.polls.wake(queue);
  return answer;
}

/** SendMessageBatch: each entry stands or falls by itself, but a FIFO identity that is missing fails all. */
export function sendMessageBatch(account: SqsAccount, { input, caller }: JsonCall): Record<string, unknown> {
  const queue = account.queueOf(input);
  const entries = batchEntries(input, 'SendMessageBatchRequestEntry');
  const bytes = entries.reduce((sum, entry) => sum + sizeOfEntry(entry), 0);
  if (bytes > MAX_BATCH_BYTES) {
    const message = `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes. You have sent ${bytes} bytes.`;
    throw batchError('BatchRequestTooLong', message);
  }
  const identities = entries.map((entry) => fifoIdentity(queue, entry));
  const answer = runBatch(entries, (entry, index) => {
    return put(account, queue, readDraft(queue, entry, identities[index] ?? {}), caller);
  });
  account.polls.wake(queue);
  return answer;
}

/** Puts a text into a queue from inside local AWS. */
export function sendText(account: SqsAccount, queue: Queue, body: string): void {
  const input = { MessageBody: body };
  put(account, queue, readDraft(queue, input, fifoIdentity(queue, input)), account.accountId);
  account.polls.wake(queue);
}

/** The sequence number as FIFO queues show it: 20 digits, growing (SQS API, SendMessageResult). */
export function sequenceNumberOf(seq: number): string {
  return String(18_000_000_000_000_000_000n + BigInt(seq) * 256n);
}

function put(account: SqsAccount, queue: Queue, draft: Draft, sender: string): Record<string, unknown> {
  const now = account.clock.now();
  const md5 = createHash('md5').update(draft.body).digest('hex');
  const key = dedupKey(queue, draft);
  const twin = key === undefined ? undefined : queue.dedup.find(key, now);
  const message = messageOf(queue, draft, { md5, sender, now });
  const send: RememberedSend = twin ?? { key: key ?? '', at: now, id: message.id, seq: message.seq };
  if (twin === undefined) {
    account.change(
      { op: 'put', queue: queue.name, message },
      ...(key === undefined ? [] : [{ op: 'remember', queue: queue.name, send } as const]),
    );
  }
  return {
    MessageId: send.id,
    MD5OfMessageBody: md5,
    ...(draft.attributes ? { MD5OfMessageAttributes: md5OfAttributes(draft.attributes) } : {}),
    ...(draft.traceHeader ? { MD5OfMessageSystemAttributes: md5OfAttributes(traceAttribute(draft.traceHeader)) } : {}),
    ...(queue.fifo ? { SequenceNumber: sequenceNumberOf(send.seq) } : {}),
  };
}

function messageOf(queue: Queue, draft: Draft, sent: { md5: string; sender: string; now: number }): Message {
  const { body, attributes, traceHeader, group, dedup } = draft;
  return {
    seq: queue.nextSeq,
    id: randomUUID(),
    body,
    md5: sent.md5,
    ...(attributes === undefined ? {} : { attributes }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
    sender: sent.sender,
    sentAt: sent.now,
    ...(group === undefined ? {} : { group }),
    ...(dedup === undefined ? {} : { dedup }),
    visibleAt: sent.now + draft.delayMs,
    inFlight: false,
    receiveCount: 0,
  };
}

function dedupKey(queue: Queue, draft: Draft): string | undefined {
  if (draft.dedup === undefined) return undefined;
  return queue.attributes.DeduplicationScope === 'messageGroup' ? `${draft.group} ${draft.dedup}` : draft.dedup;
}

function readDraft(queue: Queue, input: Input, identity: FifoIdentity): Draft {
  const body = optionalText(input, 'MessageBody') ?? '';
  if (body === '') throw missingParameter('MessageBody');
  if (FORBIDDEN_CHARACTER.test(body)) throw invalidMessageContents();
  const attributes = readMessageAttributes(input, 'MessageAttributes');
  const max = queue.number('MaximumMessageSize');
  if (Buffer.byteLength(body) + sizeOfAttributes(attributes) > max) {
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${max} bytes.`);
  }
  return {
    body,
    attributes,
    traceHeader: readTraceHeader(input),
    delayMs: readDelayMs(queue, input),
    group: identity.group,
    dedup: identity.dedup,
  };
}

function readDelayMs(queue: Queue, input: Input): number {
  const seconds = optionalNumber(input, 'DelaySeconds');
  if (seconds === undefined) return queue.number('DelaySeconds') * 1000;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_DELAY_SECONDS) {
    throw invalidValue(seconds, 'DelaySeconds', 'DelaySeconds must be >= 0 and <= 900.');
  }
  if (queue.fifo && seconds > 0) throw notForThisType(seconds, 'DelaySeconds');
  return queue.fifo ? queue.number('DelaySeconds') * 1000 : seconds * 1000;
}

function readTraceHeader(input: Input): string | undefined {
  const attributes = readMessageAttributes({ all: input.MessageSystemAttributes }, 'all') ?? {};
  for (const name of Object.keys(attributes)) {
    if (name !== 'AWSTraceHeader') throw invalidParameter(`Message system attribute name '${name}' is invalid.`);
  }
  const header = attributes.AWSTraceHeader;
  return header !== undefined && 'text' in header ? header.text : undefined;
}

function traceAttribute(text: string): MessageAttributes {
  return { AWSTraceHeader: { type: 'String', text } };
}

interface FifoIdentity {
  readonly group?: string;
  readonly dedup?: string;
}

/** The group and the deduplication id of a message, which FIFO queues demand. */
function fifoIdentity(queue: Queue, input: Input): FifoIdentity {
  const group = readIdentifier(input, 'MessageGroupId');
  const dedup = readIdentifier(input, 'MessageDeduplicationId');
  if (!queue.fifo) {
    if (dedup !== undefined) throw notForThisType(dedup, 'MessageDeduplicationId');
    return group === undefined ? {} : { group };
  }
  if (group === undefined) throw missingParameter('MessageGroupId');
  return { group, dedup: dedup ?? contentDedup(queue, input) };
}

function contentDedup(queue: Queue, input: Input): string {
  if (queue.attributes.ContentBasedDeduplication !== 'true') {
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return createHash('sha256')
    .update(optionalText(input, 'MessageBody') ?? '')
    .digest('hex');
}

function readIdentifier(input: Input, name: string): string | undefined {
  const value = optionalText(input, name);
  if (value === undefined || IDENTIFIER.test(value)) return value;
  const reason = `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
  throw invalidValue(value, name, reason);
}

function notForThisType(value: unknown, name: string): Error {
  return invalidValue(value, name, 'The request include parameter that is not valid for this queue type.');
}

function sizeOfEntry(entry: Input): number {
  const body = optionalText(entry, 'MessageBody') ?? '';
  return Buffer.byteLength(body) + sizeOfAttributes(readMessageAttributes(entry, 'MessageAttributes'));
}
