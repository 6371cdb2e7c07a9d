import type { JsonMap } from './json.ts';

/** A wish for a run: a queue message, a schedule tick, an API or library call. Parsed; see `parseRunRequest`. */
export interface RunRequest {
  readonly flow: string;
  /** A version of the flow, or `latest`. */
  readonly flowVersion: string;
  /** The producer's own id: `[A-Za-z0-9_-]{1,64}`. */
  readonly runId?: string;
  readonly idempotencyKey?: string;
  readonly org: string;
  /** Names one of the agent's `environments`. */
  readonly environment?: string;
  readonly deployment?: string;
  readonly parameters: JsonMap;
  /** Where the parameters are, when the producer has put them in S3 instead. */
  readonly parametersS3Uri?: string;
  /** What the request wants to say about how to run; which of it counts is the flow's `requests.allow` to decide. */
  readonly runConfig: JsonMap;
  readonly labels: readonly string[];
  readonly priority: number;
  /** Epoch milliseconds; not launched earlier. */
  readonly notBefore?: number;
  /** Epoch milliseconds; not started by then, the run is EXPIRED. */
  readonly expiresAt?: number;
  readonly correlationId?: string;
  readonly trigger: Trigger;
  readonly metadata: JsonMap;
}

/** Who or what asked for the run. */
export interface Trigger {
  readonly source: string;
  readonly by?: string;
}
