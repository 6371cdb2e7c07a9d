import { isOutOfMemory } from './adjust-attempt.ts';
import type { AttemptRecord } from './run.ts';
import type { RetryRule, RunPolicy } from './run-policy.ts';
import type { Verdict } from './verdict.ts';

/**
 * Milliseconds until the next attempt, or undefined when the verdict is the run's end. The two budgets are separate: what
 * the world did counts against `CRASHED`, what the flow did (its own memory and kills included) against `FAILED`. Where the
 * flow asks for a larger size after running out of memory, that counts against `CRASHED`, and only while a larger one is left.
 *
 * `random` is a number from 0 to 1: full jitter, so that runs that failed together do not return together.
 */
export function retryDelayMs(
  verdict: Verdict,
  attempts: readonly Pick<AttemptRecord, 'retriedAs' | 'reason'>[],
  policy: RunPolicy,
  random: number,
): number | undefined {
  const budget = budgetOf(verdict, policy);
  if (budget === undefined) return undefined;
  const rule = policy.retries[budget];
  const used = attempts.filter(({ retriedAs }) => retriedAs === budget).length;
  if (used >= rule.max || !allowsExitCode(rule, verdict.exitCode)) return undefined;
  if (escalates(verdict, policy) && escalated(attempts) >= (policy.retries.CRASHED.escalations ?? 0)) return undefined;
  const delay = Math.min(rule.delayMs * rule.backoff ** used, Math.max(rule.maxDelayMs, rule.delayMs));
  return Math.round(delay * random);
}

/** Whose budget another attempt would draw on. */
export function budgetOf(verdict: Verdict, policy: RunPolicy): 'FAILED' | 'CRASHED' | undefined {
  if (verdict.retry === 'never') return undefined;
  return verdict.retry === 'infrastructure' || escalates(verdict, policy) ? 'CRASHED' : 'FAILED';
}

/** Whether the next attempt would get more memory. */
function escalates({ retry, reason }: Verdict, { retries }: RunPolicy): boolean {
  return retry !== 'never' && isOutOfMemory(reason.code) && (retries.CRASHED.escalations ?? 0) > 0;
}

function escalated(attempts: readonly Pick<AttemptRecord, 'reason'>[]): number {
  return attempts.filter(({ reason }) => isOutOfMemory(reason.code)).length;
}

function allowsExitCode({ onExitCode }: RetryRule, exitCode: number | undefined): boolean {
  return onExitCode === undefined || (exitCode !== undefined && onExitCode.includes(exitCode));
}
