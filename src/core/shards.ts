/** The runs in flight, in parts that agents share out among themselves: more than agents usually are. */
export const IN_FLIGHT_SHARDS: readonly string[] = Array.from({ length: 16 }, (_, index) => String(index));

/** The shard that a text belongs to, the same for every agent and version. */
export function shardOf(text: string, shards: readonly string[]): string {
  let sum = 0;
  for (const char of text) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return shards[sum % shards.length] ?? '0';
}

/** The shard of a run in flight. */
export function inFlightShardOf(runId: string): string {
  return shardOf(runId, IN_FLIGHT_SHARDS);
}
