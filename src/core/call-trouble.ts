import type { CallError } from './classify-launch.ts';

/**
 * What kind of trouble a failed call is for the program itself, whatever it was about:
 * - `throttled`: AWS limits the rate
 * - `credentials`: there are none, or they are expired or unknown
 * - `denied`: a permission is missing
 * - `away`: nobody answered, or AWS failed inside
 *
 * Undefined for an answer of a service that works: a condition that did not hold, a thing that is not there.
 */
export type CallTrouble = 'throttled' | 'credentials' | 'denied' | 'away';

const THROTTLED = /Rate exceeded|Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|ProvisionedThroughputExceeded/i;
const CREDENTIALS =
  /ExpiredToken|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|CredentialsProviderError|TokenProviderError|InvalidSignature|SignatureDoesNotMatch|RequestExpired|IncompleteSignature|MissingAuthenticationToken/;
const DENIED = /AccessDenied|UnauthorizedOperation|not authorized to perform/i;

export function callTroubleOf({ name, message, httpStatusCode }: CallError): CallTrouble | undefined {
  const words = `${name} ${message}`;
  if (THROTTLED.test(words)) return 'throttled';
  if (CREDENTIALS.test(words)) return 'credentials';
  if (DENIED.test(words)) return 'denied';
  return httpStatusCode === undefined || httpStatusCode >= 500 ? 'away' : undefined;
}
