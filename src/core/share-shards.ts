import type { AgentPresence, Fleet, ShardLease } from './fleet.ts';
import { shardOf } from './shards.ts';

export interface ShareOut {
  readonly take: readonly ShardLease[];
  readonly giveUp: readonly ShardLease[];
}

/**
 * What an agent does to have its fair share of the shards: takes such as nobody alive holds, gives up what it has too many
 * of. Agents that see the same come to rest with equal shares, one more or less.
 */
export function shareShards(
  { agents, leases }: Fleet,
  { name, instance: me }: Pick<AgentPresence, 'name' | 'instance'>,
  isAlive: (instance: string) => boolean,
): ShareOut {
  const alive = new Set([me, ...agents.map(({ instance }) => instance).filter(isAlive)]);
  const share = Math.ceil(leases.length / alive.size);
  const mine = leases.filter(({ holder }) => holder?.instance === me);
  if (mine.length > share) return { take: [], giveUp: mine.slice(share) };
  const free = leases.filter(({ holder }) => holder === undefined || !alive.has(holder.instance));
  return { take: fromOwnStart(free, name).slice(0, share - mine.length), giveUp: [] };
}

/** Each agent begins elsewhere, so that several that start together do not all reach for the same shards. */
function fromOwnStart(leases: readonly ShardLease[], name: string): readonly ShardLease[] {
  const starts = leases.map((_, index) => String(index));
  const start = leases.length === 0 ? 0 : Number(shardOf(name, starts));
  return [...leases.slice(start), ...leases.slice(0, start)];
}
