/** Where a task's output goes: CloudWatch Logs without the way over HTTP. */
export interface LogsSink {
  /**
   * Appends the events, oldest first, and makes the stream when it is new. `timestamp` is epoch milliseconds.
   * Throws a `ResourceNotFoundException` when the group does not exist, as the `awslogs` driver meets it.
   */
  put(group: string, stream: string, events: readonly SinkEvent[]): void;
  /** Makes the group unless it exists: `awslogs-create-group`. */
  createGroup(group: string): void;
  hasGroup(group: string): boolean;
}

export interface SinkEvent {
  readonly timestamp: number;
  readonly message: string;
}
