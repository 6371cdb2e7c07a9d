import { randomUUID } from 'node:crypto';
import { AwsError, type QueryCall } from '../service.ts';
import type { XmlElements } from '../xml-document.ts';
import { invalidParameter } from './sns-errors.ts';
import type { Subscription, Topic, TopicStore } from './topic-store.ts';

/** API Publish: the message and its attributes together. */
const MAX_BYTES = 262_144;

/** API Publish, Subject: ASCII that begins with a letter, number or punctuation, no line breaks, fewer than 100 characters. */
const SUBJECT = /^[!-~][ -~]{0,98}$/;

/** Publishes to a topic: every queue that has subscribed has the message when this returns. */
export function publish(store: TopicStore, { form }: QueryCall): XmlElements {
  const topic = store.named(form.get('TopicArn') ?? '');
  const { message, subject } = textsOf(form);
  const messageId = randomUUID();
  const twin = twinOf(store, topic, form, messageId);
  if (twin !== undefined) return { MessageId: twin };
  const attributes = messageAttributes(form);
  const notification = {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topic.arn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: message,
    Timestamp: new Date(store.clock.now()).toISOString(),
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes }),
  };
  const envelope = JSON.stringify(notification);
  for (const subscription of topic.subscriptions) deliver(store, subscription, message, envelope);
  return { MessageId: messageId };
}

function textsOf(form: URLSearchParams): { readonly message: string; readonly subject: string | undefined } {
  const message = form.get('Message') ?? '';
  const subject = form.get('Subject') ?? undefined;
  if (message === '') throw invalidParameter('Empty message');
  if (Buffer.byteLength(message) > MAX_BYTES) throw invalidParameter('Message too long');
  if (subject !== undefined && !SUBJECT.test(subject)) throw invalidParameter('Subject');
  return { message, subject };
}

/** What a FIFO topic has taken within five minutes is answered with the same id, and not delivered again. */
function twinOf(store: TopicStore, topic: Topic, form: URLSearchParams, messageId: string): string | undefined {
  if (!topic.isFifo) return undefined;
  const id = form.get('MessageDeduplicationId');
  if (!form.get('MessageGroupId')) throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  if (!id)
    throw invalidParameter('The topic should either have ContentBasedDeduplication enabled or a deduplication id');
  return store.twinOf(`${topic.arn}#${id}`, messageId);
}

/** A queue that is gone loses its messages, as with AWS: the publisher does not hear of it. */
function deliver(store: TopicStore, { queue, isRaw }: Subscription, message: string, envelope: string): void {
  try {
    store.queues.send(queue, isRaw ? message : envelope);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

function messageAttributes(form: URLSearchParams): Readonly<Record<string, { Type: string; Value: string }>> {
  const attributes: Record<string, { Type: string; Value: string }> = {};
  for (let index = 1; form.has(`MessageAttributes.entry.${index}.Name`); index += 1) {
    const at = `MessageAttributes.entry.${index}`;
    const Value = form.get(`${at}.Value.StringValue`) ?? form.get(`${at}.Value.BinaryValue`) ?? '';
    attributes[form.get(`${at}.Name`) ?? ''] = { Type: form.get(`${at}.Value.DataType`) ?? '', Value };
  }
  return attributes;
}
