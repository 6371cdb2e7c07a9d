import type { Fault } from '../core/fault.ts';
import { type ConfigNode, child, type MapNode, withKeys } from './config-node.ts';
import { cpuUnits, mebibytes } from './size.ts';

/** Values with the types that ECS wants, and what cannot be given them. */
export interface Typed {
  readonly node: MapNode;
  readonly faults: readonly Fault[];
}

type Change = (value: ConfigNode, faults: Fault[]) => ConfigNode;

/** A definition, or overrides, with sizes as ECS types them: text for the task, whole numbers for containers (API ContainerDefinition). */
export function typedRequest(map: MapNode, containers: 'containerDefinitions' | 'containerOverrides'): Typed {
  const faults: Fault[] = [];
  const node = changed(map, TASK_CHANGES, faults);
  const list = child(node, containers);
  if (list?.kind !== 'list') return { node, faults };
  const items = list.items.map((item) => (item.kind === 'map' ? changed(item, CONTAINER_CHANGES, faults) : item));
  return { node: withKeys(node, { [containers]: { ...list, items } }), faults };
}

/** Tags whose values are text. */
export function typedTags<T extends ConfigNode>(tags: T): T {
  return valuesAsText(tags) as T;
}

const TASK_CHANGES: Readonly<Record<string, Change>> = {
  cpu: sizeAs('text', cpuUnits, 'cpu', 'write 1024 or "1 vCPU"'),
  memory: sizeAs('text', mebibytes, 'memory', 'write 2048 or "2 GB"'),
  requiresCompatibilities: upperCase,
};

const CONTAINER_CHANGES: Readonly<Record<string, Change>> = {
  cpu: sizeAs('number', cpuUnits, 'cpu', 'write 256 or ".25 vCPU"'),
  memory: sizeAs('number', mebibytes, 'memory', 'write 512 or "0.5 GB"'),
  memoryReservation: sizeAs('number', mebibytes, 'memoryReservation', 'write 512 or "0.5 GB"'),
  environment: valuesAsText,
  command: itemsAsText,
  entryPoint: itemsAsText,
};

function changed(map: MapNode, changes: Readonly<Record<string, Change>>, faults: Fault[]): MapNode {
  const updates = Object.entries(changes).flatMap(([key, change]) => {
    const value = child(map, key);
    return value === undefined ? [] : [[key, change(value, faults)] as const];
  });
  return updates.length === 0 ? map : withKeys(map, Object.fromEntries(updates));
}

function sizeAs(
  type: 'text' | 'number',
  read: (value: unknown) => number | undefined,
  key: string,
  hint: string,
): Change {
  return (value, faults) => {
    const size = value.kind === 'scalar' ? read(value.value) : undefined;
    if (size !== undefined && value.kind === 'scalar')
      return { ...value, value: type === 'text' ? String(size) : size };
    const written = value.kind === 'scalar' ? JSON.stringify(value.value) : 'this';
    faults.push({ place: value.origin, message: `${key}: ${written} is no size`, hint });
    return value;
  };
}

function upperCase(value: ConfigNode): ConfigNode {
  if (value.kind !== 'list') return value;
  return {
    ...value,
    items: value.items.map((item) =>
      item.kind === 'scalar' ? { ...item, value: String(item.value).toUpperCase() } : item,
    ),
  };
}

function itemsAsText(value: ConfigNode): ConfigNode {
  return value.kind === 'list' ? { ...value, items: value.items.map(asText) } : value;
}

function valuesAsText(value: ConfigNode): ConfigNode {
  if (value.kind !== 'list') return value;
  const items = value.items.map((item) => {
    const inside = child(item, 'value');
    return item.kind === 'map' && inside !== undefined ? withKeys(item, { value: asText(inside) }) : item;
  });
  return { ...value, items };
}

function asText(node: ConfigNode): ConfigNode {
  if (node.kind !== 'scalar' || node.value === null || typeof node.value === 'string') return node;
  return { ...node, value: String(node.value) };
}
