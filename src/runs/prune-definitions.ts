import type { DefinitionShelf } from '../core/definition-shelf.ts';
import type { RunStore } from '../core/run-store.ts';

export interface PruneDeps {
  readonly shelf: DefinitionShelf;
  readonly store: RunStore;
}

export interface PruneWish {
  /** `ecs.familyPrefix`: families that begin with it and a hyphen are ours. */
  readonly prefix: string;
  /** So many of each family stay, the newest. */
  readonly keep: number;
}

export interface PrunePlan {
  /** ARNs of revisions that nobody uses. */
  readonly unused: readonly string[];
  /** How many older ones stay for a run in flight. */
  readonly inUse: number;
}

/**
 * Which revisions are of no use any more: never the newest ones of a family, and never one that a run in flight was
 * launched from. One that a later launch wants all the same is registered anew then.
 */
export async function planPrune(deps: PruneDeps, wish: PruneWish, stop: AbortSignal): Promise<PrunePlan> {
  const { shelf, store } = deps;
  const old: string[] = [];
  for (const family of await shelf.families(`${wish.prefix}-`, stop)) {
    const revisions = await shelf.revisions(family, stop);
    old.push(...revisions.slice(wish.keep));
  }
  // Asked last: a run that was launched from an old revision meanwhile keeps it.
  const used = await definitionsInFlight(store);
  const unused = old.filter((arn) => !used.has(arn));
  return { unused, inUse: old.length - unused.length };
}

async function definitionsInFlight(store: RunStore): Promise<ReadonlySet<string>> {
  const used = new Set<string>();
  for await (const runs of store.inFlight()) for (const { intent } of runs) used.add(intent.request.taskDefinition);
  return used;
}
