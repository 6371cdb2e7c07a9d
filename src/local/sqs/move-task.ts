/** A StartMessageMoveTask as kept; times are epoch milliseconds. */
export interface MoveTask {
  readonly handle: string;
  readonly source: string;
  /** The destination's ARN; undefined sends each message back to the queue it came from. */
  readonly destination?: string;
  readonly perSecond?: number;
  readonly startedAt: number;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly moved: number;
  readonly toMove: number;
  readonly failure?: string;
}
