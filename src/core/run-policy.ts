/** What a flow wants done when an attempt fails or takes too long; frozen with the attempt's intent. */
export interface RunPolicy {
  readonly retries: {
    /** The flow's own failures. */
    readonly FAILED: RetryRule;
    /** Failures of the world around it. */
    readonly CRASHED: CrashRule;
  };
  /** Milliseconds from the launch until our code runs. */
  readonly startTimeoutMs: number;
  /** Milliseconds of RUNNING; no limit if left out. */
  readonly runTimeoutMs?: number;
  /** For so many milliseconds after its end a run is kept; for ever if left out. */
  readonly retentionMs?: number;
}

export interface RetryRule {
  /** Retries, not tries: 0 means one attempt. */
  readonly max: number;
  readonly delayMs: number;
  /** The delay grows by this factor with each retry. */
  readonly backoff: number;
  readonly maxDelayMs: number;
  /** Only these exit codes are tried again; all if left out. */
  readonly onExitCode?: readonly number[];
}

export interface CrashRule extends RetryRule {
  /**
   * So often an attempt that ran out of memory is tried again with more of it. Without it, running out of memory is the
   * flow's own failure.
   */
  readonly escalations?: number;
}

export const DEFAULT_POLICY: RunPolicy = {
  retries: {
    FAILED: { max: 0, delayMs: 0, backoff: 1, maxDelayMs: 0 },
    CRASHED: { max: 3, delayMs: 30_000, backoff: 2, maxDelayMs: 360_000 },
  },
  startTimeoutMs: 15 * 60_000,
};
