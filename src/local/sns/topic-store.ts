import { join } from 'node:path';
import { Journal } from '../journal.ts';
import { AwsError, type LocalClock } from '../service.ts';
import type { QueueSink } from '../sqs/queue-sink.ts';

export interface Topic {
  readonly arn: string;
  readonly isFifo: boolean;
  readonly subscriptions: readonly Subscription[];
}

export interface Subscription {
  readonly arn: string;
  /** ARN of a queue. */
  readonly queue: string;
  /** The queue gets the message alone, without its envelope. */
  readonly isRaw: boolean;
}

interface TopicStoreOptions {
  readonly stateDir: string | undefined;
  readonly clock: LocalClock;
  readonly region: string;
  readonly accountId: string;
  readonly queues: QueueSink;
}

type TopicChange = { readonly op: 'put'; readonly topic: Topic } | { readonly op: 'drop'; readonly arn: string };

/** A FIFO topic takes the same deduplication id once in this time (API Publish, MessageDeduplicationId). */
const DEDUP_WINDOW_MS = 5 * 60_000;

/** The topics of the account. */
export class TopicStore {
  readonly clock: LocalClock;
  readonly queues: QueueSink;
  readonly #journal: Journal<Map<string, Topic>, TopicChange>;
  readonly #arnPrefix: string;
  /** Deduplication id of a topic → the message id that it got, and when. */
  readonly #taken = new Map<string, { readonly messageId: string; readonly at: number }>();

  constructor({ stateDir, clock, region, accountId, queues }: TopicStoreOptions) {
    this.clock = clock;
    this.queues = queues;
    this.#arnPrefix = `arn:aws:sns:${region}:${accountId}:`;
    this.#journal = new Journal<Map<string, Topic>, TopicChange>({
      path: stateDir === undefined ? undefined : join(stateDir, 'sns.jsonl'),
      empty: () => new Map(),
      apply: (topics, change) => {
        if (change.op === 'put') topics.set(change.topic.arn, change.topic);
        else topics.delete(change.arn);
      },
      snapshot: (topics) => [...topics.values()].map((topic) => ({ op: 'put', topic }) as const),
    });
  }

  arnOf(name: string): string {
    return `${this.#arnPrefix}${name}`;
  }

  all(): readonly Topic[] {
    return [...this.#journal.state.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  find(arn: string): Topic | undefined {
    return this.#journal.state.get(arn);
  }

  /** The topic of this ARN; throws SNS's `NotFound`. */
  named(arn: string): Topic {
    const topic = this.find(arn);
    if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
    return topic;
  }

  put(topic: Topic): void {
    this.#journal.change({ op: 'put', topic });
  }

  drop(arn: string): void {
    this.#journal.change({ op: 'drop', arn });
  }

  /** The message id that this deduplication id got within the last five minutes; else notes that it gets this one. */
  twinOf(key: string, messageId: string): string | undefined {
    const now = this.clock.now();
    for (const [known, { at }] of this.#taken) if (now - at >= DEDUP_WINDOW_MS) this.#taken.delete(known);
    const twin = this.#taken.get(key);
    if (twin === undefined) this.#taken.set(key, { messageId, at: now });
    return twin?.messageId;
  }

  close(): void {
    this.#journal.close();
  }
}
