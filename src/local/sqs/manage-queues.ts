import { type Input, optionalNumber, optionalText, textList, textMap } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import type { Queue } from './queue.ts';
import {
  changedAttributes,
  differingAttribute,
  isSettable,
  newQueueAttributes,
  type QueueAttributes,
  redrivePolicyOf,
} from './queue-attributes.ts';
import type { SqsAccount } from './sqs-account.ts';
import {
  invalidAttributeName,
  invalidParameter,
  invalidValue,
  missingParameter,
  queueDoesNotExist,
  queueNameExists,
} from './sqs-errors.ts';

const MAX_LISTED = 1000;

const COMPUTED: Readonly<Record<string, (account: SqsAccount, queue: Queue) => string>> = {
  QueueArn: (account, queue) => account.arnOf(queue),
  ApproximateNumberOfMessages: (_, queue) => String(queue.order.size),
  ApproximateNumberOfMessagesNotVisible: (_, queue) => String(queue.inFlight),
  ApproximateNumberOfMessagesDelayed: (_, queue) => String(queue.delayed),
  CreatedTimestamp: (_, queue) => seconds(queue.createdAt),
  LastModifiedTimestamp: (_, queue) => seconds(queue.modifiedAt),
};

/** CreateQueue; the queue that exists is returned when it has the same attributes. */
export function createQueue(account: SqsAccount, { input, endpoint }: JsonCall): Record<string, unknown> {
  const name = requiredText(input, 'QueueName');
  const given = textMap(input, 'Attributes') ?? {};
  const attributes = newQueueAttributes(name, given);
  const existing = account.state.queues.get(name);
  if (existing !== undefined) {
    const differing = differingAttribute(existing.attributes, given);
    if (differing !== undefined) throw queueNameExists(differing);
    return { QueueUrl: account.urlOf(existing, endpoint) };
  }
  checkDeadLetterTarget(account, attributes);
  const now = account.clock.now();
  const tags = textMap(input, 'tags') ?? {};
  account.change({ op: 'queue', start: { name, attributes, tags, createdAt: now, modifiedAt: now, nextSeq: 1 } });
  return { QueueUrl: account.urlOf(account.queueNamed(name), endpoint) };
}

export function getQueueUrl(account: SqsAccount, { input, endpoint }: JsonCall): Record<string, unknown> {
  return { QueueUrl: account.urlOf(account.queueNamed(requiredText(input, 'QueueName')), endpoint) };
}

export function listQueues(account: SqsAccount, call: JsonCall): Record<string, unknown> {
  const prefix = optionalText(call.input, 'QueueNamePrefix') ?? '';
  const queues = [...account.state.queues.values()].filter((queue) => queue.name.startsWith(prefix));
  return page(account, call, queues, 'QueueUrls');
}

/** The member of the answer has a small first letter (SQS API, ListDeadLetterSourceQueues). */
export function listDeadLetterSourceQueues(account: SqsAccount, call: JsonCall): Record<string, unknown> {
  return page(account, call, account.sourcesOf(account.queueOf(call.input)), 'queueUrls');
}

export function deleteQueue(account: SqsAccount, { input }: JsonCall): Record<string, unknown> {
  const queue = account.queueOf(input);
  account.change({ op: 'drop', queue: queue.name });
  account.polls.fail(queue, queueDoesNotExist());
  return {};
}

/** PurgeQueue. That AWS allows it once a minute only is not imitated. */
export function purgeQueue(account: SqsAccount, { input }: JsonCall): Record<string, unknown> {
  account.change({ op: 'purge', queue: account.queueOf(input).name });
  return {};
}

export function getQueueAttributes(account: SqsAccount, { input }: JsonCall): Record<string, unknown> {
  const queue = account.queueOf(input);
  const wanted = textList(input, 'AttributeNames');
  for (const name of wanted) {
    if (name !== 'All' && !(name in COMPUTED) && !isSettable(name)) {
      throw invalidAttributeName(`Unknown Attribute ${name}.`);
    }
  }
  const computed = Object.entries(COMPUTED).map(([name, read]) => [name, read(account, queue)] as const);
  const all = [...Object.entries(queue.attributes), ...computed];
  const picked = wanted.includes('All') ? all : all.filter(([name]) => wanted.includes(name));
  return picked.length === 0 ? {} : { Attributes: Object.fromEntries(picked) };
}

/** SetQueueAttributes; takes effect at once, where AWS takes up to a minute. */
export function setQueueAttributes(account: SqsAccount, { input }: JsonCall): Record<string, unknown> {
  const queue = account.queueOf(input);
  const given = textMap(input, 'Attributes');
  if (given === undefined) throw missingParameter('Attribute.Name');
  const attributes = changedAttributes(queue.attributes, given);
  checkDeadLetterTarget(account, attributes);
  account.change({ op: 'attributes', queue: queue.name, attributes, at: account.clock.now() });
  account.polls.wake(queue);
  return {};
}

export function tagQueue(account: SqsAccount, { input }: JsonCall): Record<string, unknown> {
  const queue = account.queueOf(input);
  account.change({ op: 'tags', queue: queue.name, tags: { ...queue.tags, ...textMap(input, 'Tags') } });
  return {};
}

export function untagQueue(account: SqsAccount, { input }: JsonCall): Record<string, unknown> {
  const queue = account.queueOf(input);
  const keys = textList(input, 'TagKeys');
  const tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !keys.includes(key)));
  account.change({ op: 'tags', queue: queue.name, tags });
  return {};
}

export function listQueueTags(account: SqsAccount, { input }: JsonCall): Record<string, unknown> {
  const { tags } = account.queueOf(input);
  return Object.keys(tags).length === 0 ? {} : { Tags: tags };
}

/** The dead-letter queue must exist and be of the same type (SQS Developer Guide, "Using dead-letter queues"). */
function checkDeadLetterTarget(account: SqsAccount, attributes: QueueAttributes): void {
  const policy = redrivePolicyOf(attributes);
  if (policy === undefined) return;
  const target = account.queueByArn(policy.deadLetterTargetArn);
  if (target === undefined) {
    throw invalidValue(attributes.RedrivePolicy, 'RedrivePolicy', 'Dead letter target does not exist.');
  }
  if (target.fifo !== (attributes.FifoQueue === 'true')) {
    const reason = 'Dead-letter queue must be same type of queue as the source.';
    throw invalidValue(attributes.RedrivePolicy, 'RedrivePolicy', reason);
  }
}

/** A page only when `MaxResults` is given (SQS API, ListQueues). */
function page(account: SqsAccount, { input, endpoint }: JsonCall, queues: readonly Queue[], member: string) {
  const max = optionalNumber(input, 'MaxResults');
  if (max !== undefined && (max < 1 || max > MAX_LISTED)) {
    throw invalidParameter(`Value ${max} for parameter MaxResults is invalid. Reason: Must be between 1 and 1000.`);
  }
  const after = Buffer.from(optionalText(input, 'NextToken') ?? '', 'base64').toString();
  const sorted = queues.filter((queue) => queue.name > after).sort((a, b) => (a.name < b.name ? -1 : 1));
  const shown = sorted.slice(0, max ?? MAX_LISTED);
  const last = shown.at(-1);
  const more = max !== undefined && last !== undefined && sorted.length > shown.length;
  return {
    ...(shown.length === 0 ? {} : { [member]: shown.map((queue) => account.urlOf(queue, endpoint)) }),
    ...(more ? { NextToken: Buffer.from(last.name).toString('base64') } : {}),
  };
}

function requiredText(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000));
}
