import type { Place } from '../core/fault.ts';
import type { Json } from '../core/json.ts';

/**
 * A value of a configuration, with where it was written. Maps are `Map`s, so a key such as `__proto__` is a key like any
 * other.
 */
export type ConfigNode = ScalarNode | ListNode | MapNode;

interface Written {
  readonly origin: Place;
  /** What lower layers said in this place, the nearest first. */
  readonly overrode?: readonly Overridden[];
  /** A null below took away what lower layers said: nothing of theirs is merged into this. */
  readonly fresh?: true;
}

export interface ScalarNode extends Written {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** A number as it was written, where that is not how it reads back: `012`, `1.10`, `1e3`. */
  readonly text?: string;
}

export interface ListNode extends Written {
  readonly kind: 'list';
  readonly items: readonly ConfigNode[];
}

export interface MapNode extends Written {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  /** Where the key stands. */
  readonly at: Place;
  readonly value: ConfigNode;
}

export interface Overridden {
  readonly origin: Place;
  readonly value: ConfigNode;
}

const NOWHERE: ReadonlyMap<string, MapEntry> = new Map();

/** A map that says nothing. */
export function emptyMap(origin: Place): MapNode {
  return { kind: 'map', entries: NOWHERE, origin };
}

export function scalar(value: ScalarNode['value'], origin: Place): ScalarNode {
  return { kind: 'scalar', value, origin };
}

/** A map whose keys stand where their values stand; members that are undefined are left out. */
export function mapOf(members: Readonly<Record<string, ConfigNode | undefined>>, origin: Place): MapNode {
  const entries = new Map<string, MapEntry>();
  for (const [key, value] of Object.entries(members)) {
    if (value !== undefined) entries.set(key, { at: value.origin, value });
  }
  return { kind: 'map', entries, origin };
}

export function listOf(items: readonly ConfigNode[], origin: Place): ListNode {
  return { kind: 'list', items, origin };
}

/** The value of a key, if the node is a map that has it. */
export function child(node: ConfigNode | undefined, key: string): ConfigNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

/** The text of a key's value, if it is text. */
export function textOf(node: ConfigNode | undefined, key: string): string | undefined {
  const value = child(node, key);
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

/** The items of a key's list; none if it has no list. */
export function itemsOf(node: ConfigNode | undefined, key: string): readonly ConfigNode[] {
  const value = child(node, key);
  return value?.kind === 'list' ? value.items : [];
}

export function isNull(node: ConfigNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null;
}

/** The map with some keys set anew, or taken away where the value is undefined. */
export function withKeys(map: MapNode, changes: Readonly<Record<string, ConfigNode | undefined>>): MapNode {
  const entries = new Map(map.entries);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) entries.delete(key);
    else entries.set(key, { at: entries.get(key)?.at ?? value.origin, value });
  }
  return { ...map, entries };
}

/** The map with only those keys. */
export function onlyKeys(map: MapNode, keep: (key: string) => boolean): MapNode {
  return { ...map, entries: new Map([...map.entries].filter(([key]) => keep(key))) };
}

/** The plain value. `Object.fromEntries` defines own properties, so no key of a document becomes a prototype. */
export function toJson(node: ConfigNode): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toJson);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toJson(value)]));
}

/** A plain value as a node: all of it was written in one place (`request`, `--env`). */
export function nodeOf(value: Json, origin: Place): ConfigNode {
  if (typeof value !== 'object' || value === null) return { kind: 'scalar', value, origin };
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item: Json) => nodeOf(item, origin)), origin };
  const entries = Object.entries(value).map(([key, member]): [string, MapEntry] => [
    key,
    { at: origin, value: nodeOf(member, origin) },
  ]);
  return { kind: 'map', entries: new Map(entries), origin };
}

/** The node at the end of a path, as far as the path leads, and where its key stands. */
export function nodeAt(root: ConfigNode, path: readonly PropertyKey[]): { node: ConfigNode; at: Place } {
  let node = root;
  let at = root.origin;
  for (const step of path) {
    const next = stepInto(node, step);
    if (next === undefined) break;
    node = next.value;
    at = next.at;
  }
  return { node, at };
}

function stepInto(node: ConfigNode, step: PropertyKey): MapEntry | undefined {
  if (node.kind === 'map') return node.entries.get(String(step));
  if (node.kind !== 'list' || typeof step !== 'number') return undefined;
  const value = node.items[step];
  return value === undefined ? undefined : { at: value.origin, value };
}
