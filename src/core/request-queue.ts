/** A message of the run-request queue, in flight to us. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly receipt: string;
  readonly receiveCount: number;
  /** SQS's id of the principal that sent it. */
  readonly senderId?: string;
  /** Where the queue is FIFO, or fair: what the message was sent with. */
  readonly group?: string;
  readonly sentAt: number;
}

/** Where run requests come from: one SQS queue. */
export interface RequestQueue {
  readonly url: string;
  /** Waits up to `waitSeconds` for at most `max` (≤ 10) messages. */
  receive(max: number, waitSeconds: number, stop: AbortSignal): Promise<readonly QueueMessage[]>;
  /** Takes messages off the queue; resolves to those that are still on it. */
  remove(messages: readonly QueueMessage[]): Promise<readonly QueueMessage[]>;
  /** Gives messages back: at once, for another agent, or to come again so many seconds later. */
  release(messages: readonly QueueMessage[], afterSeconds?: number): Promise<void>;
  /** Puts a copy of the message on the queue's dead-letter queue; false if it has none. */
  bury(message: QueueMessage, why: string): Promise<boolean>;
  /** Enqueues a body; resolves to the message id. */
  send(body: string): Promise<string>;
}
