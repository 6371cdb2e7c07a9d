import {
  type ConfigNode,
  child,
  itemsOf,
  listOf,
  type MapNode,
  mapOf,
  type ScalarNode,
  scalar,
  withKeys,
} from './config-node.ts';
import { merge } from './merge.ts';
import type { MergedRun } from './merge-run.ts';
import { containerName, containerNamed } from './part.ts';
import { cpuUnits, mebibytes } from './size.ts';
import { type Typed, typedRequest } from './typed-values.ts';

/**
 * Overrides from what is said for one run, in the definition's shape. Where the task's size changes, a limit of the main
 * container's own changes with it: it would go on to bind otherwise.
 */
export function buildOverrides({ said, runTask }: MergedRun, main: string, definition: MapNode | undefined): Typed {
  const sized = definition === undefined ? said : withMainLimits(said, main, definition);
  const containers = itemsOf(sized, 'containerDefinitions');
  const list = containers.length > 0 ? listOf(containers, sized.origin) : undefined;
  const shaped = withKeys(sized, { containerDefinitions: undefined, containerOverrides: list });
  const others = child(runTask, 'overrides');
  return typedRequest(others?.kind === 'map' ? merge(others, shaped) : shaped, 'containerOverrides');
}

function withMainLimits(said: MapNode, main: string, definition: MapNode): MapNode {
  const container = containerNamed(definition, main);
  if (container === undefined) return said;
  const own = containerNamed(said, main);
  const cpu = changedSize(said, definition, 'cpu', cpuUnits);
  const memory = changedSize(said, definition, 'memory', mebibytes);
  const limits = {
    ...(cpu !== undefined && child(container, 'cpu') !== undefined ? { cpu } : {}),
    ...(memory !== undefined && child(container, 'memory') !== undefined ? { memory } : {}),
    ...(memory !== undefined && reservesMoreThan(memory, container) ? { memoryReservation: memory } : {}),
  };
  const missing = Object.entries(limits).filter(([key]) => child(own, key) === undefined);
  return missing.length === 0 ? said : withContainer(said, main, Object.fromEntries(missing));
}

function changedSize(
  said: MapNode,
  definition: MapNode,
  key: string,
  read: (value: unknown) => number | undefined,
): ScalarNode | undefined {
  const wanted = child(said, key);
  const before = child(definition, key);
  if (wanted?.kind !== 'scalar') return undefined;
  const size = read(wanted.value);
  if (size === undefined || (before?.kind === 'scalar' && read(before.value) === size)) return undefined;
  return { ...wanted, value: size };
}

function reservesMoreThan({ value }: ScalarNode, container: MapNode): boolean {
  const reservation = child(container, 'memoryReservation');
  return reservation?.kind === 'scalar' && Number(reservation.value) > Number(value);
}

/** `said` with more said about one container. */
function withContainer(said: MapNode, name: string, more: Readonly<Record<string, ConfigNode>>): MapNode {
  const containers = itemsOf(said, 'containerDefinitions');
  const index = containers.findIndex((container) => containerName(container)?.name === name);
  const found = containers[index];
  const items =
    found?.kind === 'map'
      ? containers.with(index, withKeys(found, more))
      : [...containers, mapOf({ name: scalar(name, said.origin), ...more }, said.origin)];
  return withKeys(said, { containerDefinitions: { kind: 'list', items, origin: said.origin } });
}

/** Overrides with the reserved variables on the main container. */
export function withReserved(overrides: MapNode, main: string, reserved: readonly ConfigNode[]): MapNode {
  const { origin } = overrides;
  const containers = itemsOf(overrides, 'containerOverrides');
  const index = containers.findIndex((container) => containerName(container)?.name === main);
  const found = containers[index];
  const environment: ConfigNode = { kind: 'list', items: [...itemsOf(found, 'environment'), ...reserved], origin };
  const items =
    found?.kind === 'map'
      ? containers.with(index, withKeys(found, { environment }))
      : [...containers, mapOf({ name: scalar(main, { file: 'reserved' }), environment }, origin)];
  return withKeys(overrides, { containerOverrides: { kind: 'list', items, origin } });
}
