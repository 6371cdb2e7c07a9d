import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { isAwsError } from './call-error.ts';
import type { SetUpOptions, SetUpStep } from './set-up-step.ts';

type Attributes = Partial<Record<QueueAttributeName, string>>;

/** Longer than it takes to put a request on record; a message that is not deleted by then comes again. Seconds. */
const VISIBILITY = '90';
const RETENTION = String(4 * 86_400);
/** The longest there is (API CreateQueue): what lies here waits for a person. */
const DEAD_LETTER_RETENTION = String(14 * 86_400);

/** Malformed bodies are buried by the agent at once: only what cannot be put on record for long comes so often. */
const MAX_RECEIVES = 20;

/**
 * Makes a queue and its dead-letter queue, `<name>-dlq`. One that exists keeps what somebody chose for it: attributes are
 * only raised to what Slipway needs, and a redrive policy is only added.
 */
export async function setUpQueue(
  client: SQSClient,
  name: string,
  options: SetUpOptions,
): Promise<readonly SetUpStep[]> {
  const deadLetters = await setUpOne(client, deadLetterName(name), options, () => ({
    MessageRetentionPeriod: DEAD_LETTER_RETENTION,
  }));
  const target = deadLetters.arn;
  const queue = await setUpOne(client, name, options, () => ({
    VisibilityTimeout: VISIBILITY,
    MessageRetentionPeriod: RETENTION,
    ...(target === undefined
      ? {}
      : { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: target, maxReceiveCount: MAX_RECEIVES }) }),
  }));
  return [deadLetters.step, queue.step];
}

/** The last part of a queue's URL. */
export function queueNameOf(url: string): string {
  return (
    url
      .replace(/(?<!\/)\/+$/, '')
      .split('/')
      .at(-1) ?? url
  );
}

function deadLetterName(name: string): string {
  return isFifo(name) ? `${name.slice(0, -'.fifo'.length)}-dlq.fifo` : `${name}-dlq`;
}

function isFifo(name: string): boolean {
  return name.endsWith('.fifo');
}

interface SetUpQueue {
  readonly step: SetUpStep;
  readonly arn: string | undefined;
}

async function setUpOne(
  client: SQSClient,
  name: string,
  { dryRun }: SetUpOptions,
  wanted: () => Attributes,
): Promise<SetUpQueue> {
  const found = await urlOf(client, name);
  if (found === undefined && dryRun)
    return { step: { kind: 'queue', name, outcome: 'created', details: [] }, arn: undefined };
  if (found === undefined) {
    const url = await create(client, name, wanted());
    const { QueueArn } = await attributesOf(client, url);
    return { step: { kind: 'queue', name, outcome: 'created', details: [], url }, arn: QueueArn };
  }
  const current = await attributesOf(client, found);
  const changes = changesOf(current, wanted());
  const details = Object.entries(changes).map(([key, value]) => `${key} ${value}`);
  if (details.length > 0 && !dryRun)
    await client.send(new SetQueueAttributesCommand({ QueueUrl: found, Attributes: changes }));
  const outcome = details.length > 0 ? 'updated' : 'exists';
  return { step: { kind: 'queue', name, outcome, details, url: found }, arn: current.QueueArn };
}

async function urlOf(client: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    if (isAwsError(error, 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue')) return undefined;
    throw error;
  }
}

async function create(client: SQSClient, name: string, attributes: Attributes): Promise<string> {
  const fifo: Attributes = isFifo(name) ? { FifoQueue: 'true' } : {};
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { ...attributes, ...fifo } }),
  );
  if (QueueUrl === undefined) throw new Error(`SQS made the queue ${name} without telling its URL`);
  return QueueUrl;
}

async function attributesOf(client: SQSClient, url: string): Promise<Attributes> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return Attributes;
}

function changesOf(current: Attributes, wanted: Attributes): Attributes {
  const entries = Object.entries(wanted).filter(([key, value]) => {
    const present = Object.entries(current).find(([name]) => name === key)?.[1];
    return key === 'RedrivePolicy' ? present === undefined : Number(present ?? 0) < Number(value);
  });
  return Object.fromEntries(entries);
}
