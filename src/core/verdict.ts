import type { FailureCode } from './failure-codes.ts';

/** The statuses that nothing follows. */
export type FinalStatus = 'SUCCEEDED' | 'FAILED' | 'CRASHED' | 'CANCELLED' | 'EXPIRED';

/** Why a run is where it is. */
export interface Reason {
  readonly code: FailureCode;
  readonly message: string;
  /** ECS's own words, or another witness's. */
  readonly evidence?: string;
}

/** What an ended attempt means for the run. */
export interface Verdict {
  /** The run's status if nothing is tried again. */
  readonly status: FinalStatus;
  readonly reason: Reason;
  /**
   * Whether another attempt can help: `infrastructure` (the world's fault, its own budget), `flow` (the flow's `retries`
   * decide), `never`.
   */
  readonly retry: 'infrastructure' | 'flow' | 'never';
  readonly exitCode?: number;
}
