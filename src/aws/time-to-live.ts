/** The attribute, in epoch seconds, after which DynamoDB forgets an item (Developer Guide, "Time to Live"). */
export const TTL_ATTRIBUTE = 'ttl';

/** What an item bears that may go at this moment (epoch milliseconds); nothing for one that stays. */
export function timeToLive(until: number | undefined): { readonly [TTL_ATTRIBUTE]?: number } {
  return until === undefined ? {} : { [TTL_ATTRIBUTE]: Math.ceil(until / 1000) };
}
