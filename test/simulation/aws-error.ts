/** An error as the SDK throws it: a name, a text, and the status of an answer where one came. */
export function awsError(name: string, message: string, httpStatusCode?: number): Error {
  const metadata = httpStatusCode === undefined ? {} : { httpStatusCode };
  return Object.assign(withoutStack(message), { name, $metadata: metadata });
}

/** An error of the network: no answer came. */
export function networkError(code: string, message: string): Error {
  return Object.assign(withoutStack(message), { code, $metadata: {} });
}

/** Nobody reads the stack of a simulated error, and it costs more than the rest of the call. */
function withoutStack(message: string): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new Error(message);
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

/** The same error, telling how often the SDK had sent the request by then. */
export function afterTries(error: Error, attempts: number): Error {
  const metadata: unknown = Reflect.get(error, '$metadata');
  const known = typeof metadata === 'object' && metadata !== null ? metadata : {};
  return Object.assign(error, { $metadata: { ...known, attempts } });
}

const THROTTLES = new Set(['ThrottlingException', 'RequestLimitExceeded', 'TooManyRequestsException']);
const BROKEN_CONNECTIONS = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT']);

/**
 * Whether the SDK repeats a call by itself after this error: throttles by their names, timeouts, broken connections and
 * 500, 502, 503, 504 (SDK reference guide, "Retry behavior").
 */
export function isRepeatedBySdk(error: Error): boolean {
  if (THROTTLES.has(error.name) || error.name === 'TimeoutError') return true;
  if (BROKEN_CONNECTIONS.has(String(Reflect.get(error, 'code')))) return true;
  const metadata: unknown = Reflect.get(error, '$metadata');
  const status =
    typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
  return [500, 502, 503, 504].includes(Number(status));
}
