import { DedupWindow } from './dedup-window.ts';
import { type DeliveryOrder, FifoOrder, StandardOrder } from './delivery-order.ts';
import { IndexedHeap } from './indexed-heap.ts';
import type { Message } from './message.ts';
import { type QueueAttributes, type RedrivePolicy, redrivePolicyOf } from './queue-attributes.ts';

/** What a queue is made with. */
export interface QueueStart {
  readonly name: string;
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** The sequence that its next message gets. */
  readonly nextSeq: number;
}

/**
 * One queue in memory. Every message is in exactly one place: waiting in `order`, or `later` (delayed or in flight).
 * All steps are O(log n) in the number of messages.
 */
export class Queue {
  readonly name: string;
  readonly fifo: boolean;
  readonly createdAt: number;
  readonly dedup = new DedupWindow();
  readonly order: DeliveryOrder;
  modifiedAt: number;
  tags: Readonly<Record<string, string>>;
  nextSeq: number;
  #attributes: QueueAttributes;
  #redrive: RedrivePolicy | undefined;
  #inFlight = 0;
  readonly #messages = new Map<number, Message>();
  readonly #later = new IndexedHeap<Message>((a, b) => a.visibleAt < b.visibleAt);
  readonly #oldest = new IndexedHeap<Message>((a, b) => a.sentAt < b.sentAt);

  constructor(start: QueueStart) {
    this.name = start.name;
    this.fifo = start.attributes.FifoQueue === 'true';
    this.createdAt = start.createdAt;
    this.order = this.fifo ? new FifoOrder() : new StandardOrder();
    this.modifiedAt = start.modifiedAt;
    this.tags = start.tags;
    this.nextSeq = start.nextSeq;
    this.#attributes = start.attributes;
    this.#redrive = redrivePolicyOf(start.attributes);
  }

  get attributes(): QueueAttributes {
    return this.#attributes;
  }

  set attributes(attributes: QueueAttributes) {
    this.#attributes = attributes;
    this.#redrive = redrivePolicyOf(attributes);
  }

  get redrive(): RedrivePolicy | undefined {
    return this.#redrive;
  }

  /** A numeric attribute that every queue has. */
  number(name: 'DelaySeconds' | 'MaximumMessageSize' | 'ReceiveMessageWaitTimeSeconds' | 'VisibilityTimeout'): number {
    return Number(this.#attributes[name]);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get delayed(): number {
    return this.#later.size - this.#inFlight;
  }

  /** When the next delayed or in-flight message becomes visible; undefined when there is none. */
  get nextVisibleAt(): number | undefined {
    return this.#later.first()?.visibleAt;
  }

  messages(): Iterable<Message> {
    return this.#messages.values();
  }

  find(seq: number): Message | undefined {
    return this.#messages.get(seq);
  }

  /** Puts a message in, as new or as it was when the state was written. */
  add(message: Message): void {
    this.#messages.set(message.seq, message);
    this.#oldest.add(message);
    this.nextSeq = Math.max(this.nextSeq, message.seq + 1);
    if (message.inFlight) this.#hold(message);
    else if (message.visibleAt > message.sentAt && message.receiveCount === 0) this.#later.add(message);
    else this.order.add(message);
  }

  /** The message has been given to a receiver who has it until `until`. */
  receive(message: Message, at: number, until: number): void {
    this.#leave(message);
    message.receiveCount += 1;
    message.firstReceivedAt ??= at;
    message.receivedAt = at;
    message.visibleAt = until;
    message.inFlight = true;
    this.#hold(message);
  }

  /** Moves the end of a receiver's time. */
  setVisibleAt(message: Message, visibleAt: number): void {
    if (!message.inFlight) return;
    this.#later.remove(message);
    message.visibleAt = visibleAt;
    this.#later.add(message);
  }

  remove(message: Message): void {
    this.#leave(message);
    this.#oldest.remove(message);
    this.#messages.delete(message.seq);
  }

  /** Lets time pass: what is due becomes visible, what is older than the retention period goes. */
  tick(now: number): void {
    for (let due = this.#later.first(); due !== undefined && due.visibleAt <= now; due = this.#later.first()) {
      this.#leave(due);
      due.inFlight = false;
      this.order.add(due);
    }
    const sentBefore = now - Number(this.#attributes.MessageRetentionPeriod) * 1000;
    for (let old = this.#oldest.first(); old !== undefined && old.sentAt <= sentBefore; old = this.#oldest.first()) {
      this.remove(old);
    }
  }

  #hold(message: Message): void {
    this.#later.add(message);
    this.#inFlight += 1;
    this.order.hold(message);
  }

  #leave(message: Message): void {
    this.order.remove(message);
    if (!this.#later.remove(message) || !message.inFlight) return;
    this.#inFlight -= 1;
    this.order.release(message);
  }
}
