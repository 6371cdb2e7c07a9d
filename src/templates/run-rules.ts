import type { z } from 'zod';
import { DEFAULT_POLICY, type RetryRule, type RunPolicy } from '../core/run-policy.ts';
import type { retryRules, timeouts } from './shapes.ts';

type WrittenRetries = z.output<typeof retryRules>;
type WrittenTimeouts = z.output<typeof timeouts>;

export interface Retries {
  readonly FAILED: RetryRule;
  readonly CRASHED: RetryRule & {
    /** Profiles for the attempts after one that ran out of memory, the first retry's first. */
    readonly escalate: readonly string[];
  };
}

export interface Timeouts {
  /** From the request until the launch; then the run is EXPIRED. No limit if left out. */
  readonly queueMs?: number;
  readonly startMs: number;
  readonly runMs?: number;
  /** From StopTask until the task is given up. */
  readonly stopMs?: number;
}

const LONGEST_DELAY_MS = 3_600_000;

export const DEFAULT_RETRIES: Retries = {
  FAILED: DEFAULT_POLICY.retries.FAILED,
  CRASHED: { ...DEFAULT_POLICY.retries.CRASHED, escalate: [] },
};

export const DEFAULT_TIMEOUTS: Timeouts = { startMs: DEFAULT_POLICY.startTimeoutMs };

/** What a file says about retries, over the defaults; the first that names a word decides it. */
export function retriesOver(written: WrittenRetries, below: Retries): Retries {
  const { FAILED, CRASHED } = written;
  const onExitCode = FAILED?.onExitCode ?? below.FAILED.onExitCode;
  return {
    FAILED: { ...ruleOver(FAILED, below.FAILED), ...(onExitCode === undefined ? {} : { onExitCode }) },
    CRASHED: { ...ruleOver(CRASHED, below.CRASHED), escalate: CRASHED?.escalate ?? below.CRASHED.escalate },
  };
}

function ruleOver(
  written: Omit<NonNullable<WrittenRetries['FAILED']>, 'onExitCode'> | undefined,
  below: RetryRule,
): RetryRule {
  if (written === undefined) return below;
  const delayMs = written.delay ?? below.delayMs;
  return {
    max: written.max ?? below.max,
    delayMs,
    backoff: written.backoff ?? below.backoff,
    maxDelayMs:
      written.maxDelay ?? (written.delay === undefined ? below.maxDelayMs : Math.max(LONGEST_DELAY_MS, delayMs)),
  };
}

export function timeoutsOver(written: WrittenTimeouts, below: Timeouts): Timeouts {
  const queueMs = written.queue ?? below.queueMs;
  const runMs = written.run ?? below.runMs;
  const stopMs = written.stop ?? below.stopMs;
  return {
    startMs: written.start ?? below.startMs,
    ...(queueMs === undefined ? {} : { queueMs }),
    ...(runMs === undefined ? {} : { runMs }),
    ...(stopMs === undefined ? {} : { stopMs }),
  };
}

/** The part of both that an attempt is judged by. */
export function policyOf(retries: Retries, { startMs, runMs }: Timeouts): RunPolicy {
  const { FAILED, CRASHED } = retries;
  const { escalate: _, ...crashed } = CRASHED;
  return {
    retries: { FAILED, CRASHED: crashed },
    startTimeoutMs: startMs,
    ...(runMs === undefined ? {} : { runTimeoutMs: runMs }),
  };
}
