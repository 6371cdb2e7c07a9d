import type { EventQueue, Scheduled } from '../event-queue.ts';
import type { History } from '../history.ts';
import { Random } from '../random.ts';
import type { Reply } from '../wire.ts';

export interface Delivered {
  readonly messageId: string;
  readonly body: string;
  readonly receipt: string;
  readonly receiveCount: number;
  readonly sentAt: number;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receiveCount: number;
  visibleAt: number;
}

interface Waiter {
  readonly max: number;
  readonly reply: (reply: Reply<readonly Delivered[]>) => void;
  readonly timeout: Scheduled;
}

export interface QueueHabits {
  readonly seed: number;
  readonly duplicateDelivery: number;
  readonly deleteFails: number;
}

/** As `slipway setup` makes the queue (`src/aws/set-up-queue.ts`). */
const VISIBILITY_MS = 90_000;
const MAX_RECEIVES = 20;

/**
 * A standard queue of SQS: at least once, in any order. A message that nobody has deleted comes again, also when its
 * receiver died with the answer on the way; one that comes too often goes to the dead-letter queue.
 */
export class QueueService {
  readonly #queue: EventQueue;
  readonly #history: History | undefined;
  readonly #habits: QueueHabits;
  readonly #random: Random;
  readonly #messages = new Map<string, Message>();
  readonly #deadLetters: string[] = [];
  readonly #waiters: Waiter[] = [];
  #sent = 0;
  #isQuiet = false;

  /** Without a history, what happens to its messages is nobody's concern. */
  constructor(queue: EventQueue, history: History | undefined, habits: QueueHabits) {
    this.#queue = queue;
    this.#history = history;
    this.#habits = habits;
    this.#random = new Random(habits.seed, 'sqs');
  }

  /** From now on SQS delivers each message once and does as it is told. */
  quieten(): void {
    this.#isQuiet = true;
  }

  get left(): number {
    return this.#messages.size;
  }

  /** Messages that came too often for the queue to keep. */
  get deadLetters(): readonly string[] {
    return this.#deadLetters;
  }

  /** The id that the next message gets. */
  get nextId(): string {
    return `message-${this.#sent + 1}`;
  }

  send(body: string): string {
    const id = this.nextId;
    this.#sent += 1;
    this.#messages.set(id, { id, body, sentAt: this.#queue.now, receiveCount: 0, visibleAt: this.#queue.now });
    this.#serve();
    return id;
  }

  receive(max: number, waitMs: number, reply: Waiter['reply']): void {
    const messages = this.#take(max);
    if (messages.length > 0 || waitMs === 0) {
      reply({ ok: true, value: messages });
      return;
    }
    const timeout = this.#queue.in(waitMs, () => {
      this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
      reply({ ok: true, value: [] });
    });
    const waiter = { max, reply, timeout };
    this.#waiters.push(waiter);
  }

  /** Whether the message is off the queue. An old receipt is accepted, and may do nothing (API DeleteMessage). */
  remove(receipt: string): boolean {
    if (!this.#isQuiet && this.#random.chance(this.#habits.deleteFails)) return false;
    const [id = '', count] = receipt.split(':');
    const message = this.#messages.get(id);
    if (message === undefined) return true;
    if (message.receiveCount !== Number(count) && this.#random.chance(0.5)) return true;
    this.#messages.delete(id);
    this.#history?.add('sqs', { kind: 'deleted', messageId: id });
    return true;
  }

  /** ChangeMessageVisibility: the message comes again after so long, unless it has come again meanwhile. */
  release(receipt: string, afterMs: number): void {
    const [id = '', count] = receipt.split(':');
    const message = this.#messages.get(id);
    if (message === undefined || message.receiveCount !== Number(count)) return;
    message.visibleAt = this.#queue.now + afterMs;
    this.#queue.in(afterMs, () => this.#serve());
  }

  #take(max: number): Delivered[] {
    const visible = [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= this.#queue.now);
    const taken: Delivered[] = [];
    while (visible.length > 0 && taken.length < max) {
      const [message] = visible.splice(this.#random.between(0, visible.length - 1), 1);
      if (message) taken.push(...this.#deliver(message));
    }
    return taken;
  }

  #deliver(message: Message): Delivered[] {
    const { id: messageId, body, sentAt } = message;
    if (message.receiveCount >= MAX_RECEIVES) {
      this.#messages.delete(messageId);
      this.#deadLetters.push(messageId);
      this.#history?.add('sqs', { kind: 'dead-lettered', messageId });
      return [];
    }
    message.receiveCount += 1;
    const isDuplicated = !this.#isQuiet && this.#random.chance(this.#habits.duplicateDelivery);
    const hiddenMs = isDuplicated ? this.#random.magnitude(1, VISIBILITY_MS) : VISIBILITY_MS;
    message.visibleAt = this.#queue.now + hiddenMs;
    this.#queue.in(hiddenMs, () => this.#serve());
    this.#history?.add('sqs', { kind: 'received', messageId });
    return [
      { messageId, body, sentAt, receiveCount: message.receiveCount, receipt: `${messageId}:${message.receiveCount}` },
    ];
  }

  #serve(): void {
    for (let waiter = this.#waiters[0]; waiter !== undefined; waiter = this.#waiters[0]) {
      const messages = this.#take(waiter.max);
      if (messages.length === 0) return;
      this.#waiters.shift();
      waiter.timeout.cancelled = true;
      waiter.reply({ ok: true, value: messages });
    }
  }
}
