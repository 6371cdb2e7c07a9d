import { canonicalJson } from '../core/canonical-json.ts';
import type { Fault } from '../core/fault.ts';
import { type ConfigNode, toJson } from './config-node.ts';
import { distinct, namingOf } from './named-list.ts';

/** A warning for each name that stands twice in one list with different values: the last counts (DESIGN 6). */
export function doubleWarnings(node: ConfigNode, key = ''): readonly Fault[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'map') return [...node.entries].flatMap(([name, { value }]) => doubleWarnings(value, name));
  return [...doublesIn(node.items, key), ...node.items.flatMap((item) => doubleWarnings(item))];
}

function doublesIn(items: readonly ConfigNode[], key: string): readonly Fault[] {
  const nameOf = namingOf(key);
  if (nameOf === undefined) return [];
  return distinct(items, nameOf)
    .doubles.filter(({ first, last }) => canonicalJson(toJson(first)) !== canonicalJson(toJson(last)))
    .map(({ name, last }) => ({
      place: last.origin,
      message: `"${name}" stands twice in ${key}: the last one counts`,
    }));
}
