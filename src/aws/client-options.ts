import { budgetedRetries, MAX_ATTEMPTS } from './budgeted-retries.ts';
import type { RetryTiming } from './retry-budget.ts';
import type { ObservedCall } from './watch-calls.ts';

/** Where a client of AWS finds its service. */
export interface AwsClientOptions {
  /** The SDK's own search (variables, profile, instance) if left out. */
  readonly region?: string;
  /** Another endpoint for all services: local AWS, moto. */
  readonly endpoint?: string;
  /** Sockets to one service at once. */
  readonly maxSockets?: number;
  /** Time and chance for retries within a budget, one for each client; the SDK's own retries if left out. */
  readonly timing?: RetryTiming;
  /** Told of each call that was sent, repeats by the SDK included. */
  readonly onCall?: ((call: ObservedCall) => void) | undefined;
}

/** The SDK waits for ever by default: a server that never answers would stop a loop without a sound. */
const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** What every client of ours is made with. */
export function clientSettings(options: AwsClientOptions, requestTimeout = REQUEST_TIMEOUT_MS) {
  const { region, endpoint, maxSockets = 50, timing } = options;
  const agent = { keepAlive: true, maxSockets };
  return {
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: MAX_ATTEMPTS,
    ...(timing === undefined ? {} : { retryStrategy: budgetedRetries(timing) }),
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout,
      throwOnRequestTimeout: true,
      // A body that stops in its middle would hang a call that has its first byte in time.
      socketTimeout: requestTimeout,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}
