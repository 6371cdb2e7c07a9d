import { randomUUID } from 'node:crypto';
import type { QueryCall } from '../service.ts';
import type { XmlElements } from '../xml-document.ts';
import { attributesOf } from './form-map.ts';
import { invalidParameter } from './sns-errors.ts';
import type { TopicStore } from './topic-store.ts';

/** API CreateTopic, Name: 256 characters at most, and FIFO topics end in `.fifo`. */
const NAME = /^[A-Za-z0-9_-]{1,251}(\.fifo)?$/;

const PAGE = 100;

/** Makes a topic, or names the one that is there. */
export function createTopic(store: TopicStore, { form }: QueryCall): XmlElements {
  const name = form.get('Name') ?? '';
  const isFifo = attributesOf(form, 'Attributes').get('FifoTopic') === 'true';
  if (!NAME.test(name) || name.endsWith('.fifo') !== isFifo) throw invalidParameter('Topic Name');
  const arn = store.arnOf(name);
  if (store.find(arn) === undefined) store.put({ arn, isFifo, subscriptions: [] });
  return { TopicArn: arn };
}

/** Deletes a topic; one that is not there is no error (API DeleteTopic). */
export function deleteTopic(store: TopicStore, { form }: QueryCall): XmlElements {
  store.drop(form.get('TopicArn') ?? '');
  return {};
}

export function listTopics(store: TopicStore, { form }: QueryCall): XmlElements {
  const start = Number(form.get('NextToken') ?? 0);
  const all = store.all();
  const member = all.slice(start, start + PAGE).map(({ arn }) => ({ TopicArn: arn }));
  return { Topics: { member }, NextToken: start + PAGE < all.length ? String(start + PAGE) : undefined };
}

/** Subscribes a queue; other protocols would lead out of this machine. The same queue twice is one subscription. */
export function subscribe(store: TopicStore, { form }: QueryCall): XmlElements {
  const topic = store.named(form.get('TopicArn') ?? '');
  const queue = form.get('Endpoint') ?? '';
  if (form.get('Protocol') !== 'sqs') throw invalidParameter('Protocol: local SNS delivers to queues only (sqs)');
  if (!queue.startsWith('arn:')) throw invalidParameter('SQS endpoint ARN');
  const known = topic.subscriptions.find((subscription) => subscription.queue === queue);
  if (known !== undefined) return { SubscriptionArn: known.arn };
  const isRaw = attributesOf(form, 'Attributes').get('RawMessageDelivery') === 'true';
  const subscription = { arn: `${topic.arn}:${randomUUID()}`, queue, isRaw };
  store.put({ ...topic, subscriptions: [...topic.subscriptions, subscription] });
  return { SubscriptionArn: subscription.arn };
}
