/** Where events about tasks go: SQS without the way over HTTP. */
export interface QueueSink {
  /** Sends `body` to a queue by URL, ARN or name. Throws a `QueueDoesNotExist` when there is none. */
  send(queue: string, body: string): void;
}
