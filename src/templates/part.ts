import type { Place } from '../core/fault.ts';
import {
  type ConfigNode,
  child,
  emptyMap,
  isNull,
  itemsOf,
  type MapNode,
  mapOf,
  onlyKeys,
  scalar,
  withKeys,
} from './config-node.ts';
import type { LayerName } from './layer.ts';

/**
 * A part of a layer, in the shape of the two requests: what kwargs put into overrides stands in the definition here, for
 * parts are merged by name first, and only then is each value put where it goes (DESIGN 6).
 */
export interface Part {
  readonly layer: LayerName;
  readonly kind: 'inherited' | 'template' | 'patch' | 'kwargs' | 'profile' | 'keys';
  /** In the shape of RegisterTaskDefinition. */
  readonly definition: MapNode;
  /** In the shape of RunTask, its `overrides` moved to `definition`. */
  readonly runTask: MapNode;
}

/** The keys of a `runConfig` that speak about the definition or the task, as a part. */
export function keysPart(layer: LayerName, config: MapNode, main: string): Part {
  return { layer, kind: 'keys', definition: definitionOfKeys(config, main), runTask: runTaskOfKeys(config) };
}

function definitionOfKeys(config: MapNode, main: string): MapNode {
  const key = (name: string) => child(config, name);
  const container = {
    image: key('image'),
    command: key('command'),
    entryPoint: key('entryPoint'),
    environment: entriesOf(key('env'), 'name', 'value'),
    secrets: entriesOf(key('secrets'), 'name', 'valueFrom'),
  };
  const speaks = Object.values(container).some((value) => value !== undefined);
  const { origin } = config;
  const nameOrigin = key('containerName')?.origin ?? { file: 'built-in' };
  const named = mapOf({ name: scalar(main, nameOrigin), ...container }, origin);
  return mapOf(
    {
      cpu: key('cpu'),
      memory: key('memory'),
      ephemeralStorage: wrapped(key('ephemeralStorage'), 'sizeInGiB'),
      taskRoleArn: key('taskRoleArn'),
      executionRoleArn: key('executionRoleArn'),
      containerDefinitions: speaks ? { kind: 'list', items: [named], origin } : undefined,
    },
    origin,
  );
}

function runTaskOfKeys(config: MapNode): MapNode {
  const key = (name: string) => child(config, name);
  return mapOf(
    {
      cluster: key('cluster'),
      launchType: key('launchType'),
      capacityProviderStrategy: key('capacityProviderStrategy'),
      networkConfiguration: networkConfiguration(key('network')),
      tags: entriesOf(key('tags'), 'key', 'value'),
    },
    config.origin,
  );
}

/** `network` in RunTask's shape. */
export function networkConfiguration(network: ConfigNode | undefined): ConfigNode | undefined {
  if (network?.kind !== 'map') return network;
  const vpc = onlyKeys(network, (key) => key !== 'inherit');
  const publicIp = child(vpc, 'assignPublicIp');
  const inside = publicIp === undefined ? vpc : withKeys(vpc, { assignPublicIp: enabledOf(publicIp) });
  return mapOf({ awsvpcConfiguration: inside }, network.origin);
}

function enabledOf(node: ConfigNode): ConfigNode {
  if (node.kind !== 'scalar' || typeof node.value !== 'boolean') return node;
  return { ...node, value: node.value ? 'ENABLED' : 'DISABLED' };
}

function wrapped(node: ConfigNode | undefined, key: string): ConfigNode | undefined {
  return node === undefined || isNull(node) ? node : mapOf({ [key]: node }, node.origin);
}

/** A map as ECS's list of names and values. */
function entriesOf(map: ConfigNode | undefined, name: string, value: string): ConfigNode | undefined {
  if (map?.kind !== 'map') return map;
  const items = [...map.entries].map(([key, entry]) =>
    mapOf({ [name]: scalar(key, entry.at), [value]: entry.value }, entry.at),
  );
  return { kind: 'list', items, origin: map.origin };
}

/** Run-task kwargs as a part: their overrides say something about the definition. */
export function kwargsPart(layer: LayerName, kwargs: MapNode): Part {
  const overrides = child(kwargs, 'overrides');
  const accelerators = child(overrides, 'inferenceAcceleratorOverrides');
  const kept = accelerators && mapOf({ inferenceAcceleratorOverrides: accelerators }, accelerators.origin);
  return {
    layer,
    kind: 'kwargs',
    definition: overrides?.kind === 'map' ? definitionOfOverrides(overrides) : emptyMap(kwargs.origin),
    runTask: withKeys(kwargs, { overrides: kept }),
  };
}

function definitionOfOverrides(overrides: MapNode): MapNode {
  const others = onlyKeys(overrides, (key) => key !== 'containerOverrides' && key !== 'inferenceAcceleratorOverrides');
  const containers = child(overrides, 'containerOverrides');
  return isNull(containers) ? others : withKeys(others, { containerDefinitions: containers });
}

/** A task definition, or a patch of one, as a part. */
export function definitionPart(layer: LayerName, kind: 'template' | 'patch' | 'profile', definition: MapNode): Part {
  return { layer, kind, definition, runTask: emptyMap(definition.origin) };
}

/** The name of a container, and where it stands. */
export function containerName(container: ConfigNode): { name: string; at: Place } | undefined {
  const name = child(container, 'name');
  if (name?.kind !== 'scalar' || name.value === null) return undefined;
  return { name: String(name.value), at: name.origin };
}

/** The container of that name. */
export function containerNamed(definition: MapNode, name: string): MapNode | undefined {
  const found = itemsOf(definition, 'containerDefinitions').find(
    (container) => containerName(container)?.name === name,
  );
  return found?.kind === 'map' ? found : undefined;
}
