import type { ECSClientConfig } from '@aws-sdk/client-ecs';
import { RetryBudget, type RetryTiming } from './retry-budget.ts';

/** How an SDK client asks whether and when to send a request again. */
export type RetryStrategy = Extract<
  NonNullable<ECSClientConfig['retryStrategy']>,
  { refreshRetryTokenForRetry: unknown }
>;

type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

/** Tries of one request; the first one counts. */
export const MAX_ATTEMPTS = 3;

/** The delay before the first retry at most; it doubles with each. A service that throttles wants a longer pause. */
const BASE_MS = { TRANSIENT: 100, THROTTLING: 1_000 } as const;

/**
 * Repeats what may pass (no answer, 5xx, a throttle), at most {@link MAX_ATTEMPTS} times and with full jitter, as far as
 * the budget goes. When it is spent the error comes out at once: its caller knows how to wait.
 */
export function budgetedRetries(timing: RetryTiming, budget = new RetryBudget(timing)): RetryStrategy {
  return {
    acquireInitialRetryToken: async () => {
      budget.noteCall();
      return tokenOf(0, 0);
    },
    refreshRetryTokenForRetry: async (token, { errorType }) => {
      const retries = token.getRetryCount() + 1;
      const mayPass = errorType === 'TRANSIENT' || errorType === 'THROTTLING';
      // The SDK passes the call's own error on, not this one.
      if (!mayPass || retries >= MAX_ATTEMPTS || !budget.spend()) throw new Error('not to be repeated');
      return tokenOf(retries, Math.floor(timing.random() * BASE_MS[errorType] * 2 ** (retries - 1)));
    },
    recordSuccess: () => {},
  };
}

function tokenOf(retries: number, delayMs: number): RetryToken {
  return { getRetryCount: () => retries, getRetryDelay: () => delayMs };
}
