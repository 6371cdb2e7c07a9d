import { type ConfigNode, itemsOf, type MapNode, toJson } from './config-node.ts';
import { containerName } from './part.ts';

/** ECS takes overrides of at most so many characters, JSON syntax included (API TaskOverride). */
export const LONGEST_OVERRIDES = 8192;

/** So many of the parts that take the most room are named, as long as each takes a noticeable share of it. */
const NAMED_PARTS = 3;
const NOTICEABLE = LONGEST_OVERRIDES / 20;

/** The length of overrides as ECS counts it. */
export function lengthOf(overrides: MapNode): number {
  return JSON.stringify(toJson(overrides)).length;
}

/** What takes the most room: `flow.env.QUERY (7912), flow.command (85)`. */
export function largestParts(overrides: MapNode): string {
  return partsOf(overrides)
    .sort((a, b) => b.length - a.length)
    .filter(({ length }, index) => index === 0 || (index < NAMED_PARTS && length >= NOTICEABLE))
    .map(({ name, length }) => `${name} (${length})`)
    .join(', ');
}

interface SizedPart {
  readonly name: string;
  readonly length: number;
}

function partsOf(overrides: MapNode): SizedPart[] {
  const task = [...overrides.entries].filter(([key]) => key !== 'containerOverrides');
  const containers = itemsOf(overrides, 'containerOverrides').flatMap(partsOfContainer);
  return [...task.map(([name, { value }]) => sized(name, value)), ...containers];
}

function partsOfContainer(container: ConfigNode): SizedPart[] {
  if (container.kind !== 'map') return [];
  const name = containerName(container)?.name ?? '';
  const others = [...container.entries].filter(([key]) => key !== 'environment' && key !== 'name');
  const variables = itemsOf(container, 'environment').map((variable) =>
    sized(`${name}.env.${containerName(variable)?.name ?? ''}`, variable),
  );
  return [...others.map(([key, { value }]) => sized(`${name}.${key}`, value)), ...variables];
}

function sized(name: string, node: ConfigNode): SizedPart {
  return { name, length: JSON.stringify(toJson(node)).length };
}
