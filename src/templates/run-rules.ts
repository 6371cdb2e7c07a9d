import type { z } from 'zod';
import type { AdjustmentRules } from '../core/adjust-attempt.ts';
import { DEFAULT_POLICY, type RetryRule, type RunPolicy } from '../core/run-policy.ts';
import type { retryRules, timeouts } from './shapes.ts';

type WrittenRetries = z.output<typeof retryRules>;
type WrittenTimeouts = z.output<typeof timeouts>;

export interface Retries {
  readonly FAILED: RetryRule;
  readonly CRASHED: RetryRule & AdjustmentRules;
}

/** `timeouts.stop` is not among them: it is the container's `stopTimeout`. */
export interface Timeouts {
  /** From the request until the launch; then the run is EXPIRED. No limit if left out. */
  readonly queueMs?: number;
  readonly startMs: number;
  readonly runMs?: number;
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
    CRASHED: { ...ruleOver(CRASHED, below.CRASHED), ...adjustmentOver(CRASHED ?? {}, below.CRASHED) },
  };
}

function adjustmentOver(
  { escalate, onDemandAfter }: NonNullable<WrittenRetries['CRASHED']>,
  below: AdjustmentRules,
): AdjustmentRules {
  const after = onDemandAfter ?? below.onDemandAfter;
  return { escalate: escalate ?? below.escalate, ...(after === undefined ? {} : { onDemandAfter: after }) };
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
  return {
    startMs: written.start ?? below.startMs,
    ...(queueMs === undefined ? {} : { queueMs }),
    ...(runMs === undefined ? {} : { runMs }),
  };
}

/** The part of both that an attempt is judged by. */
export function policyOf(retries: Retries, { startMs, runMs }: Timeouts): RunPolicy {
  const { FAILED, CRASHED } = retries;
  const { escalate, onDemandAfter: _, ...crashed } = CRASHED;
  const escalations = escalate === 'double' ? CRASHED.max : escalate.length;
  return {
    retries: { FAILED, CRASHED: { ...crashed, ...(escalations === 0 ? {} : { escalations }) } },
    startTimeoutMs: startMs,
    ...(runMs === undefined ? {} : { runTimeoutMs: runMs }),
  };
}
