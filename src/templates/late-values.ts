import { type ConfigNode, child, emptyMap, itemsOf, type MapNode, mapOf, onlyKeys, withKeys } from './config-node.ts';
import { merge } from './merge.ts';
import { containsPlaceholder, fillText, type PlaceholderValues } from './placeholder.ts';

/** Fields of the task that RunTask's overrides can carry (API TaskOverride). */
const TASK_OVERRIDES: ReadonlySet<string> = new Set([
  'cpu',
  'memory',
  'ephemeralStorage',
  'taskRoleArn',
  'executionRoleArn',
]);
/** Fields of a container that they can carry (API ContainerOverride). */
const CONTAINER_OVERRIDES: ReadonlySet<string> = new Set([
  'command',
  'environment',
  'environmentFiles',
  'cpu',
  'memory',
  'memoryReservation',
  'resourceRequirements',
]);

/** A definition in two: what overrides can carry for one run, and what has to be registered. */
export interface Split {
  readonly overridable: MapNode;
  readonly registered: MapNode;
}

/** Takes apart what is said for one run only, such as a request. A null takes something out of the definition: it is registered. */
export function splitOverridable(definition: MapNode): Split {
  return split(definition, (value) => !isNullDeep(value), false);
}

/** Takes apart what holds placeholders: their values change from run to run, and should not register anew each time. */
export function splitLate(definition: MapNode): Split {
  const cut = split(definition, containsPlaceholder, true);
  const sizes = ['cpu', 'memory'];
  // Fargate knows pairs only: a default beside the other half of a late pair might be none.
  if (!sizes.some((key) => cut.overridable.entries.has(key))) return cut;
  const both = onlyKeys(definition, (key) => sizes.includes(key));
  return {
    overridable: merge(both, cut.overridable),
    registered: withKeys(cut.registered, { cpu: undefined, memory: undefined }),
  };
}

/** With `keepsEmpty`, a container stays in the definition even when nothing but its name is left. */
function split(definition: MapNode, moves: (value: ConfigNode) => boolean, keepsEmpty: boolean): Split {
  const containers = itemsOf(definition, 'containerDefinitions');
  const cut = containers.map((container) => splitContainer(container, moves, keepsEmpty));
  const task = splitKeys(definition, TASK_OVERRIDES, moves);
  const list = child(definition, 'containerDefinitions');
  if (list?.kind !== 'list') return task;
  const overridable = cut.flatMap(({ overridable: part }) => (part === undefined ? [] : [part]));
  const registered = cut.flatMap(({ registered: part }) => (part === undefined ? [] : [part]));
  return {
    overridable:
      overridable.length === 0
        ? task.overridable
        : withKeys(task.overridable, { containerDefinitions: { ...list, items: overridable } }),
    registered: withKeys(task.registered, {
      containerDefinitions: registered.length === 0 ? undefined : { ...list, items: registered },
    }),
  };
}

function splitKeys(map: MapNode, keys: ReadonlySet<string>, moves: (value: ConfigNode) => boolean): Split {
  const goes = (key: string) => {
    const value = child(map, key);
    return keys.has(key) && value !== undefined && moves(value);
  };
  return { overridable: onlyKeys(map, goes), registered: onlyKeys(map, (key) => !goes(key)) };
}

/** Variables move one by one, everything else of a container as a whole. */
function splitContainer(
  container: ConfigNode,
  moves: (value: ConfigNode) => boolean,
  keepsEmpty: boolean,
): { overridable?: MapNode; registered?: MapNode } {
  if (container.kind !== 'map') return {};
  const name = child(container, 'name');
  const others = onlyKeys(container, (key) => key !== 'environment' && key !== 'name');
  const rest = splitKeys(others, CONTAINER_OVERRIDES, moves);
  const variables = splitVariables(child(container, 'environment'), moves);
  const override = withKeys(rest.overridable, { environment: variables.moved });
  const stays = withKeys(rest.registered, { environment: variables.stayed });
  return {
    ...(override.entries.size > 0 ? { overridable: named(override, name) } : {}),
    ...(keepsEmpty || stays.entries.size > 0 ? { registered: named(stays, name) } : {}),
  };
}

function splitVariables(
  environment: ConfigNode | undefined,
  moves: (value: ConfigNode) => boolean,
): { moved: ConfigNode | undefined; stayed: ConfigNode | undefined } {
  if (environment?.kind !== 'list') return { moved: undefined, stayed: environment };
  const part = (items: readonly ConfigNode[]) => (items.length > 0 ? { ...environment, items } : undefined);
  return {
    moved: part(environment.items.filter(moves)),
    stayed: part(environment.items.filter((item) => !moves(item))),
  };
}

function named(container: MapNode, name: ConfigNode | undefined): MapNode {
  const head = name === undefined ? emptyMap(container.origin) : mapOf({ name }, container.origin);
  return { ...container, entries: new Map([...head.entries, ...container.entries]) };
}

function isNullDeep(node: ConfigNode): boolean {
  if (node.kind === 'scalar') return node.value === null;
  return node.kind === 'map' && [...node.entries.values()].some(({ value }) => isNullDeep(value));
}

/** Fills the texts whose placeholders are all known already; the others wait for the run. */
export function fillKnown(node: ConfigNode, values: PlaceholderValues): ConfigNode {
  if (!containsPlaceholder(node)) return node;
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => fillKnown(item, values)) };
  if (node.kind === 'map') {
    const entries = [...node.entries].map(
      ([key, { at, value }]) => [key, { at, value: fillKnown(value, values) }] as const,
    );
    return { ...node, entries: new Map(entries) };
  }
  const filled = fillText(String(node.value), values);
  return filled.ok && typeof filled.value === 'string' ? { ...node, value: filled.value } : node;
}
