import { type Input, optionalNumber, textList } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import { deadLetterQueueFor, toDeadLetters } from './dead-letters.ts';
import type { Message } from './message.ts';
import { attributesOut, md5OfAttributes, pickAttributes } from './message-attributes.ts';
import type { Queue } from './queue.ts';
import type { SqsChange } from './queue-changes.ts';
import { receiptHandleOf } from './receipt-handle.ts';
import { sequenceNumberOf } from './send-messages.ts';
import type { SqsAccount } from './sqs-account.ts';
import { invalidAttributeName, invalidValue, overLimit } from './sqs-errors.ts';

/** SQS quotas: messages in flight per queue. */
const MAX_IN_FLIGHT = 120_000;
const MAX_VISIBILITY_SECONDS = 43_200;

const SYSTEM_ATTRIBUTES: Readonly<Record<string, (message: Message, queue: Queue) => string | undefined>> = {
  AWSTraceHeader: (message) => message.traceHeader,
  ApproximateFirstReceiveTimestamp: (message) => String(message.firstReceivedAt ?? ''),
  ApproximateReceiveCount: (message) => String(message.receiveCount),
  DeadLetterQueueSourceArn: (message) => message.source,
  MessageDeduplicationId: (message) => message.dedup,
  MessageGroupId: (message) => message.group,
  SenderId: (message) => message.sender,
  SentTimestamp: (message) => String(message.sentAt),
  SequenceNumber: (message, queue) => (queue.fifo ? sequenceNumberOf(message.seq) : undefined),
};

interface Wish {
  readonly max: number;
  readonly waitMs: number;
  readonly visibilityMs: number;
  readonly system: readonly string[];
  readonly attributes: readonly string[];
}

/** ReceiveMessage: what is visible now, or what becomes visible within the wait. */
export async function receiveMessage(account: SqsAccount, call: JsonCall): Promise<Record<string, unknown>> {
  const queue = account.queueOf(call.input);
  const wish = readWish(queue, call.input);
  const attempt = (): unknown[] | undefined => take(account, queue, wish);
  const messages =
    attempt() ?? (wish.waitMs > 0 ? await account.polls.wait(queue, wish.waitMs, call.gone, attempt) : undefined);
  return messages === undefined ? {} : { Messages: messages };
}

function take(account: SqsAccount, queue: Queue, wish: Wish): unknown[] | undefined {
  const now = account.clock.now();
  queue.tick(now);
  if (isFull(queue)) return undefined;
  const { picked, dead, targets } = pick(account, queue, wish.max);
  const seqs = picked.map((message) => message.seq);
  const receive: SqsChange = { op: 'receive', queue: queue.name, seqs, at: now, until: now + wish.visibilityMs };
  try {
    account.change(...dead, ...(picked.length > 0 ? [receive] : []));
  } catch (error) {
    for (const message of picked) queue.order.add(message);
    throw error;
  }
  for (const target of targets) account.polls.wake(target);
  return picked.length === 0 ? undefined : picked.map((message) => messageOut(queue, message, wish));
}

/** Too many messages in flight: a standard queue says so, a FIFO queue just gives nothing (SQS quotas). */
function isFull(queue: Queue): boolean {
  if (queue.inFlight < MAX_IN_FLIGHT) return false;
  if (queue.fifo) return true;
  throw overLimit(queue.inFlight);
}

/** Takes up to `max` messages out of the order, and lays aside those that were received too often. */
function pick(account: SqsAccount, queue: Queue, max: number) {
  const picked: Message[] = [];
  const dead: SqsChange[] = [];
  const targets = new Set<Queue>();
  while (picked.length < max) {
    const message = queue.order.first();
    if (message === undefined) break;
    queue.order.remove(message);
    const target = deadLetterQueueFor(account, queue, message);
    if (target === undefined) {
      picked.push(message);
    } else {
      dead.push(...toDeadLetters(account, queue, target, message));
      targets.add(target);
    }
  }
  return { picked, dead, targets };
}

function messageOut(queue: Queue, message: Message, wish: Wish): Record<string, unknown> {
  const system = systemAttributesOut(queue, message, wish.system);
  const attributes = message.attributes && pickAttributes(message.attributes, wish.attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandleOf(queue.name, message),
    MD5OfBody: message.md5,
    Body: message.body,
    ...(system === undefined ? {} : { Attributes: system }),
    ...(attributes === undefined
      ? {}
      : { MessageAttributes: attributesOut(attributes), MD5OfMessageAttributes: md5OfAttributes(attributes) }),
  };
}

function systemAttributesOut(queue: Queue, message: Message, wanted: readonly string[]) {
  const names = wanted.includes('All') ? Object.keys(SYSTEM_ATTRIBUTES) : wanted;
  const pairs = names.flatMap((name) => {
    const value = SYSTEM_ATTRIBUTES[name]?.(message, queue);
    return value === undefined ? [] : [[name, value] as const];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function readWish(queue: Queue, input: Input): Wish {
  const max = optionalNumber(input, 'MaxNumberOfMessages') ?? 1;
  if (!isWithin(max, 1, 10)) throw invalidValue(max, 'MaxNumberOfMessages', 'Must be between 1 and 10, if provided.');
  const wait = optionalNumber(input, 'WaitTimeSeconds') ?? queue.number('ReceiveMessageWaitTimeSeconds');
  if (!isWithin(wait, 0, 20)) throw invalidValue(wait, 'WaitTimeSeconds', 'Must be >= 0 and <= 20, if provided.');
  return {
    max,
    waitMs: wait * 1000,
    visibilityMs: readVisibilityMs(input) ?? queue.number('VisibilityTimeout') * 1000,
    system: readSystemNames(input),
    attributes: textList(input, 'MessageAttributeNames'),
  };
}

/** `VisibilityTimeout` in milliseconds, or undefined when the call does not say it. */
export function readVisibilityMs(input: Input): number | undefined {
  const seconds = optionalNumber(input, 'VisibilityTimeout');
  if (seconds === undefined) return undefined;
  if (!isWithin(seconds, 0, MAX_VISIBILITY_SECONDS)) {
    throw invalidValue(
      seconds,
      'VisibilityTimeout',
      `VisibilityTimeout must be between 0 and ${MAX_VISIBILITY_SECONDS}.`,
    );
  }
  return seconds * 1000;
}

function readSystemNames(input: Input): readonly string[] {
  const names = [...textList(input, 'MessageSystemAttributeNames'), ...textList(input, 'AttributeNames')];
  for (const name of names) {
    if (name !== 'All' && !(name in SYSTEM_ATTRIBUTES)) throw invalidAttributeName(`Unknown Attribute ${name}.`);
  }
  return names;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
