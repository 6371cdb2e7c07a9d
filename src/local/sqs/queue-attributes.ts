import { isInput } from '../read-input.ts';
import type { AwsError } from '../service.ts';
import { invalidAttributeName, invalidAttributeValue, invalidValue } from './sqs-errors.ts';

export type QueueAttributes = Readonly<Record<string, string>>;

type Rule =
  | { readonly kind: 'seconds' | 'bytes'; readonly min: number; readonly max: number; readonly initial: string }
  | { readonly kind: 'choice'; readonly of: readonly string[]; readonly initial?: string; readonly fifoOnly?: true }
  | { readonly kind: 'text' };

/** What can be set on a queue, its limits and what a new queue has (SQS API, SetQueueAttributes). */
const RULES: Readonly<Record<string, Rule>> = {
  DelaySeconds: { kind: 'seconds', min: 0, max: 900, initial: '0' },
  MaximumMessageSize: { kind: 'bytes', min: 1024, max: 1_048_576, initial: '1048576' },
  MessageRetentionPeriod: { kind: 'seconds', min: 60, max: 1_209_600, initial: '345600' },
  ReceiveMessageWaitTimeSeconds: { kind: 'seconds', min: 0, max: 20, initial: '0' },
  VisibilityTimeout: { kind: 'seconds', min: 0, max: 43_200, initial: '30' },
  KmsDataKeyReusePeriodSeconds: { kind: 'seconds', min: 60, max: 86_400, initial: '' },
  SqsManagedSseEnabled: { kind: 'choice', of: ['true', 'false'], initial: 'true' },
  FifoQueue: { kind: 'choice', of: ['true'], fifoOnly: true },
  ContentBasedDeduplication: { kind: 'choice', of: ['true', 'false'], fifoOnly: true },
  DeduplicationScope: { kind: 'choice', of: ['queue', 'messageGroup'], fifoOnly: true },
  FifoThroughputLimit: { kind: 'choice', of: ['perQueue', 'perMessageGroupId'], fifoOnly: true },
  KmsMasterKeyId: { kind: 'text' },
  Policy: { kind: 'text' },
  RedrivePolicy: { kind: 'text' },
  RedriveAllowPolicy: { kind: 'text' },
};

const FIFO_INITIAL: QueueAttributes = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
};

const QUEUE_NAME = /^[A-Za-z0-9_-]{1,80}$/;
const FIFO_NAME = /^(?=.{1,80}$)[A-Za-z0-9_-]+\.fifo$/;

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Checks the name and the attributes of a new queue and completes them. */
export function newQueueAttributes(name: string, given: QueueAttributes): QueueAttributes {
  const fifo = given.FifoQueue === 'true';
  if (fifo && !FIFO_NAME.test(name)) {
    throw invalidValue(
      name,
      'QueueName',
      'The name of a FIFO queue must end with .fifo, be 1 to 80 in length, and before .fifo only include alphanumeric characters, hyphens, or underscores.',
    );
  }
  if (!fifo && !QUEUE_NAME.test(name)) {
    throw invalidValue(
      name,
      'QueueName',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
  checkAttributes(given, fifo);
  const initial = Object.entries(RULES).flatMap(([key, rule]) =>
    'initial' in rule && rule.initial ? [[key, rule.initial]] : [],
  );
  return withoutEmpty({ ...Object.fromEntries(initial), ...(fifo ? FIFO_INITIAL : {}), ...given });
}

/** The attributes after a SetQueueAttributes; an empty text takes a policy away. */
export function changedAttributes(now: QueueAttributes, given: QueueAttributes): QueueAttributes {
  const fifo = now.FifoQueue === 'true';
  if (given.FifoQueue !== undefined && given.FifoQueue !== now.FifoQueue) {
    throw fifo ? invalidAttributeValue('FifoQueue', 'Modifying queue type is not supported.') : unknown('FifoQueue');
  }
  checkAttributes(given, fifo);
  return withoutEmpty({ ...now, ...given });
}

/** The first attribute of a repeated CreateQueue that differs from the queue that exists. */
export function differingAttribute(now: QueueAttributes, given: QueueAttributes): string | undefined {
  return Object.keys(given).find((name) => (now[name] ?? '') !== given[name]);
}

export function isSettable(name: string): boolean {
  return name in RULES;
}

/** What a redrive policy says, or undefined when the queue has none. */
export function redrivePolicyOf(attributes: QueueAttributes): RedrivePolicy | undefined {
  const text = attributes.RedrivePolicy;
  return text === undefined ? undefined : readRedrivePolicy(text);
}

function checkAttributes(given: QueueAttributes, fifo: boolean): void {
  for (const [name, value] of Object.entries(given)) {
    const rule = RULES[name];
    if (rule === undefined) throw unknown(name);
    if (rule.kind === 'choice' && rule.fifoOnly && !fifo) throw fifoOnly(name);
    if (!fits(rule, value)) throw invalidAttributeValue(name, reasonFor(rule));
  }
  if (given.RedrivePolicy) readRedrivePolicy(given.RedrivePolicy);
}

function fits(rule: Rule, value: string): boolean {
  switch (rule.kind) {
    case 'text':
      return true;
    case 'choice':
      return rule.of.includes(value);
    case 'seconds':
    case 'bytes':
      return /^\d+$/.test(value) && Number(value) >= rule.min && Number(value) <= rule.max;
  }
}

function reasonFor(rule: Rule): string {
  switch (rule.kind) {
    case 'text':
      return 'It must be a text.';
    case 'choice':
      return `It must be one of ${rule.of.join(', ')}.`;
    case 'seconds':
    case 'bytes':
      return `It must be a number of ${rule.kind} from ${rule.min} to ${rule.max}.`;
  }
}

function readRedrivePolicy(text: string): RedrivePolicy {
  const policy = parsedStructure(text);
  const deadLetterTargetArn = policy?.deadLetterTargetArn;
  const maxReceiveCount = Number(policy?.maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !deadLetterTargetArn.startsWith('arn:')) {
    throw redriveFault(text, 'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  }
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1000) {
    throw redriveFault(text, 'Invalid value for maxReceiveCount: it must be an integer from 1 to 1000.');
  }
  return { deadLetterTargetArn, maxReceiveCount };
}

function redriveFault(text: string, reason: string): AwsError {
  return invalidValue(text, 'RedrivePolicy', reason);
}

function parsedStructure(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isInput(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function withoutEmpty(attributes: QueueAttributes): QueueAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));
}

function unknown(name: string): AwsError {
  return invalidAttributeName(`Unknown Attribute ${name}.`);
}

/** Standard queues do not know these names, and SQS words it in two ways. */
function fifoOnly(name: string): AwsError {
  if (name === 'FifoQueue' || name === 'ContentBasedDeduplication') return unknown(name);
  return invalidAttributeName(`You can specify the ${name} only when FifoQueue is set to true.`);
}
