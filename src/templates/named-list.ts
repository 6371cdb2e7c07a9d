import type { ConfigNode } from './config-node.ts';

/** The name by which an entry of a list is known; undefined for one that has none. */
export type NameOf = (entry: ConfigNode) => string | undefined;

/** Lists that merge by the name of their entries, and the key that holds it; every other list replaces (DESIGN 6). */
const NAME_KEYS: ReadonlyMap<string, string> = new Map([
  ['containerDefinitions', 'name'],
  ['containerOverrides', 'name'],
  ['environment', 'name'],
  ['secrets', 'name'],
  ['volumes', 'name'],
  ['ulimits', 'name'],
  ['tags', 'key'],
  ['mountPoints', 'containerPath'],
  ['resourceRequirements', 'type'],
]);

const NAMED_LISTS: ReadonlyMap<string, NameOf> = new Map([
  ...[...NAME_KEYS].map(([list, key]) => [list, nameBy(key)] as const),
  ['portMappings', portName],
]);

/** How the entries of the list with this key are named, if it is a list of named things. */
export function namingOf(list: string): NameOf | undefined {
  return NAMED_LISTS.get(list);
}

/** The key that holds the name of such an entry, if it is one key. */
export function nameKeyOf(list: string): string | undefined {
  return NAME_KEYS.get(list);
}

function nameBy(key: string): NameOf {
  return (entry) => {
    const name = entry.kind === 'map' ? entry.entries.get(key)?.value : undefined;
    return name?.kind === 'scalar' && name.value !== null ? String(name.value) : undefined;
  };
}

/** Without a protocol, a port is TCP (API PortMapping). */
function portName(entry: ConfigNode): string | undefined {
  const port = nameBy('containerPort')(entry) ?? nameBy('containerPortRange')(entry);
  return port === undefined ? undefined : `${port}/${nameBy('protocol')(entry) ?? 'tcp'}`;
}

/** Of entries with one name the last, in the place of the first; the ones that gave way are told. */
export function distinct(
  items: readonly ConfigNode[],
  nameOf: NameOf,
): {
  readonly kept: readonly ConfigNode[];
  readonly doubles: readonly { name: string; first: ConfigNode; last: ConfigNode }[];
} {
  const kept: ConfigNode[] = [];
  const doubles: { name: string; first: ConfigNode; last: ConfigNode }[] = [];
  const indexes = new Map<string, number>();
  for (const item of items) {
    const name = nameOf(item);
    const index = name === undefined ? -1 : (indexes.get(name) ?? -1);
    const first = kept[index];
    if (name !== undefined && first !== undefined) {
      doubles.push({ name, first, last: item });
      kept[index] = item;
      continue;
    }
    if (name !== undefined) indexes.set(name, kept.length);
    kept.push(item);
  }
  return { kept, doubles };
}
