import { type ConfigNode, isNull, type ListNode, type MapEntry, type MapNode, type Overridden } from './config-node.ts';
import { distinct, type NameOf, namingOf } from './named-list.ts';

/** In these a null value takes the whole entry away. */
const REMOVED_BY: ReadonlyMap<string, string> = new Map([
  ['environment', 'value'],
  ['tags', 'value'],
  ['secrets', 'valueFrom'],
]);

/**
 * Lays `over` on `base`: maps key by key, lists of named things by name in the order of first appearance, everything else
 * replaced whole. A null stays, to take away what layers below `base` said, until {@link settle}: so merging is associative.
 */
export function merge(base: MapNode, over: MapNode): MapNode {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = entries.get(key);
    entries.set(key, below === undefined ? entry : { at: entry.at, value: mergeValue(below.value, entry.value, key) });
  }
  return { ...over, ...keptFrom(base, over), entries };
}

/** What a merged map or list takes over from both sides besides its content. */
function keptFrom(base: ConfigNode, over: ConfigNode): Pick<ConfigNode, 'fresh' | 'overrode'> {
  const overrode = [...(over.overrode ?? []), ...(base.overrode ?? [])];
  return { ...(base.fresh || over.fresh ? { fresh: true } : {}), ...(overrode.length > 0 ? { overrode } : {}) };
}

function mergeValue(below: ConfigNode, over: ConfigNode, key: string): ConfigNode {
  if (over.fresh) return replacing(over, below);
  if (below.kind === 'map' && over.kind === 'map') return merge(below, over);
  const nameOf = namingOf(key);
  if (nameOf !== undefined && below.kind === 'list' && over.kind === 'list') return mergeNamed(below, over, nameOf);
  const replaced = replacing(over, below);
  return over.kind === 'scalar' ? replaced : { ...replaced, fresh: true };
}

function replacing(over: ConfigNode, below: ConfigNode): ConfigNode {
  const self: readonly Overridden[] = isNull(below) ? [] : [{ origin: below.origin, value: below }];
  return { ...over, overrode: [...(over.overrode ?? []), ...self, ...(below.overrode ?? [])] };
}

function mergeNamed(below: ListNode, over: ListNode, nameOf: NameOf): ListNode {
  const items = [...distinct(below.items, nameOf).kept];
  const indexes = new Map(items.map((item, index) => [nameOf(item), index]));
  for (const item of distinct(over.items, nameOf).kept) {
    const name = nameOf(item);
    const index = name === undefined ? undefined : indexes.get(name);
    const present = index === undefined ? undefined : items[index];
    if (index === undefined || present?.kind !== 'map' || item.kind !== 'map') items.push(item);
    else items[index] = merge(present, item);
  }
  return { ...over, ...keptFrom(below, over), items };
}

/** Takes the nulls out, and what they stand for, once nothing more will be merged. */
export function settle(map: MapNode): MapNode {
  const entries = new Map<string, MapEntry>();
  for (const [key, { at, value }] of map.entries) {
    const settled = settleValue(value, key);
    if (settled !== undefined) entries.set(key, { at, value: settled });
  }
  return { ...map, entries };
}

function settleValue(value: ConfigNode, key: string): ConfigNode | undefined {
  if (isNull(value)) return undefined;
  if (value.kind === 'map') return settle(value);
  if (value.kind === 'scalar') return value;
  const nameOf = namingOf(key);
  const items = nameOf === undefined ? value.items : distinct(value.items, nameOf).kept;
  const kept = items.filter((item) => !isRemoved(item, key));
  return { ...value, items: kept.map((item) => (item.kind === 'map' ? settle(item) : item)) };
}

function isRemoved(item: ConfigNode, key: string): boolean {
  const removedBy = REMOVED_BY.get(key);
  return removedBy !== undefined && item.kind === 'map' && isNull(item.entries.get(removedBy)?.value);
}
