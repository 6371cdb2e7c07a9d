/** What a queue holds now, about: SQS counts approximately. */
export interface QueueDepth {
  readonly waiting: number;
  /** With an agent, and hidden from others. */
  readonly inFlight: number;
  /** Sent with a delay that is not over. */
  readonly delayed: number;
}

/** Measures what waits for agents. */
export interface QueueGauge {
  depth(queueUrl: string): Promise<QueueDepth>;
  /** Since when the run has been due that waits longest, epoch ms; undefined if none waits. */
  oldestDue(now: number): Promise<number | undefined>;
}
