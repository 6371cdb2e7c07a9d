import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The header has whole seconds, and leaves out the rest (RFC 9110, "Date"). */
const HALF_A_SECOND_MS = 500;

/**
 * Compares this machine's time with the `Date` header of every answer. The function that is returned tells the last
 * difference, in milliseconds: above zero, this machine is ahead. Undefined before the first answer.
 */
export function watchClock(client: DynamoDBClient, now: () => number): () => number | undefined {
  let skewMs: number | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const date = dateOf(result.response);
      if (date !== undefined) skewMs = now() - (date + HALF_A_SECOND_MS);
      return result;
    },
    { step: 'deserialize', name: 'slipwayWatchClock', override: true },
  );
  return () => skewMs;
}

function dateOf(response: unknown): number | undefined {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null || !('date' in headers)) return undefined;
  const at = Date.parse(String(headers.date));
  return Number.isNaN(at) ? undefined : at;
}
