import { IndexedHeap } from './indexed-heap.ts';
import type { Message } from './message.ts';

/** The messages that may be received, in the order in which they are. */
export interface DeliveryOrder {
  /** How many wait, those of locked groups included. */
  readonly size: number;
  first(): Message | undefined;
  add(message: Message): void;
  /** Takes a message out, if it is in. */
  remove(message: Message): void;
  /** Locks the message's group until as many {@link release} calls. */
  hold(message: Message): void;
  release(message: Message): void;
}

/** A standard queue: what was sent first, first. Messages that come back keep their place. */
export class StandardOrder implements DeliveryOrder {
  readonly #waiting = new IndexedHeap<Message>(bySeq);

  get size(): number {
    return this.#waiting.size;
  }

  first(): Message | undefined {
    return this.#waiting.first();
  }

  add(message: Message): void {
    this.#waiting.add(message);
  }

  remove(message: Message): void {
    this.#waiting.remove(message);
  }

  hold(): void {}

  release(): void {}
}

interface Group {
  readonly name: string;
  readonly waiting: IndexedHeap<Message>;
  held: number;
  /** The sequence of its first message while it is open for receiving. */
  head: number;
}

/**
 * A FIFO queue: in order within a group, and nothing of a group while any message of it is in flight (SQS Developer
 * Guide, "FIFO delivery logic").
 */
export class FifoOrder implements DeliveryOrder {
  readonly #groups = new Map<string, Group>();
  readonly #open = new IndexedHeap<Group>((a, b) => a.head < b.head);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  first(): Message | undefined {
    return this.#open.first()?.waiting.first();
  }

  add(message: Message): void {
    const group = this.#groupOf(message);
    if (group.waiting.has(message)) return;
    group.waiting.add(message);
    this.#size += 1;
    this.#place(group);
  }

  remove(message: Message): void {
    const group = this.#groupOf(message);
    if (group.waiting.remove(message)) this.#size -= 1;
    this.#place(group);
  }

  hold(message: Message): void {
    const group = this.#groupOf(message);
    group.held += 1;
    this.#place(group);
  }

  release(message: Message): void {
    const group = this.#groupOf(message);
    group.held -= 1;
    this.#place(group);
  }

  #groupOf(message: Message): Group {
    const name = message.group ?? '';
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group: Group = { name, waiting: new IndexedHeap<Message>(bySeq), held: 0, head: 0 };
    this.#groups.set(name, group);
    return group;
  }

  #place(group: Group): void {
    this.#open.remove(group);
    const head = group.waiting.first();
    if (head === undefined && group.held === 0) this.#groups.delete(group.name);
    if (head === undefined || group.held > 0) return;
    group.head = head.seq;
    this.#open.add(group);
  }
}

function bySeq(a: Message, b: Message): boolean {
  return a.seq < b.seq;
}
