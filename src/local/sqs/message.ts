import type { MessageAttributes } from './message-attributes.ts';

/** A message as the queue keeps it. Times are epoch milliseconds of the local clock. */
export interface Message {
  /** Its place in the queue; never used twice in one queue. */
  readonly seq: number;
  readonly id: string;
  readonly body: string;
  readonly md5: string;
  readonly attributes?: MessageAttributes;
  readonly traceHeader?: string;
  readonly sender: string;
  readonly sentAt: number;
  readonly group?: string;
  readonly dedup?: string;
  /** The ARN of the queue from which it was moved to this dead-letter queue. */
  readonly source?: string;
  /** Until when nobody else can receive it. */
  visibleAt: number;
  inFlight: boolean;
  receiveCount: number;
  firstReceivedAt?: number;
  receivedAt?: number;
}
