import type { QueueMessage, RequestQueue } from '../../src/core/request-queue.ts';

/** A queue in memory: what is received stays in flight until it is removed or given back. */
export class MemoryRequestQueue implements RequestQueue {
  readonly url = 'memory://queue';
  readonly waiting: QueueMessage[] = [];
  readonly inFlight = new Map<string, QueueMessage>();
  readonly buried: { readonly message: QueueMessage; readonly why: string }[] = [];
  /** Messages that were given back for later, with the seconds. */
  readonly putOff: (readonly [string, number])[] = [];
  #sent = 0;

  async send(body: string): Promise<string> {
    this.#sent += 1;
    const messageId = `message-${this.#sent}`;
    this.waiting.push({ messageId, body, receipt: `receipt-${this.#sent}`, receiveCount: 1, sentAt: 0 });
    return messageId;
  }

  async receive(max: number): Promise<readonly QueueMessage[]> {
    const messages = this.waiting.splice(0, max);
    for (const message of messages) this.inFlight.set(message.receipt, message);
    return messages;
  }

  async remove(messages: readonly QueueMessage[]): Promise<readonly QueueMessage[]> {
    for (const { receipt } of messages) this.inFlight.delete(receipt);
    return [];
  }

  /** What is to come later stays in flight here: no time passes. */
  async release(messages: readonly QueueMessage[], afterSeconds = 0): Promise<void> {
    for (const message of messages) {
      if (afterSeconds > 0) this.putOff.push([message.messageId, afterSeconds]);
      else if (this.inFlight.delete(message.receipt)) this.waiting.push(message);
    }
  }

  async bury(message: QueueMessage, why: string): Promise<boolean> {
    this.buried.push({ message, why });
    return true;
  }
}
