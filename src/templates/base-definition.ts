import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import {
  type ConfigNode,
  child,
  emptyMap,
  isNull,
  itemsOf,
  type MapNode,
  mapOf,
  type ScalarNode,
  scalar,
  withKeys,
} from './config-node.ts';
import type { Layer, LayerName } from './layer.ts';
import { containerName } from './part.ts';
import { fileNamedIn, namesDefinition, type Templates } from './templates-of.ts';

/** The task definition that everything else is laid over: of the highest layer that names one. */
export type BaseDefinition =
  | { readonly kind: 'template'; readonly layer: LayerName | 'built-in'; readonly definition: MapNode }
  /** Exists in ECS already; the text is an ARN or `family:revision`. */
  | { readonly kind: 'named'; readonly layer: LayerName; readonly taskDefinition: ScalarNode };

export function baseDefinition(
  layers: readonly Layer[],
  templates: Templates,
): Result<BaseDefinition, readonly Fault[]> {
  for (const { name, config } of [...layers].reverse()) {
    const said = child(config, 'taskDefinition');
    if (said === undefined) continue;
    if (isNull(said)) break;
    if (said.kind === 'map') return ok({ kind: 'template', layer: name, definition: said });
    return named(name, config, said, templates);
  }
  return ok({ kind: 'template', layer: 'built-in', definition: emptyMap({ file: 'built-in' }) });
}

function named(
  layer: LayerName,
  config: MapNode,
  said: ConfigNode,
  templates: Templates,
): Result<BaseDefinition, readonly Fault[]> {
  if (said.kind === 'scalar' && typeof said.value === 'string' && namesDefinition(said.value)) {
    return ok({ kind: 'named', layer, taskDefinition: said });
  }
  if (layer === 'request')
    return err([{ place: said.origin, message: 'a request may not name a file as its taskDefinition' }]);
  const file = fileNamedIn(config, 'taskDefinition');
  const definition = file && templates.get(file.ref);
  if (definition !== undefined) return ok({ kind: 'template', layer, definition });
  return err([{ place: said.origin, message: `the task definition "${file?.ref ?? '?'}" was not read` }]);
}

/**
 * The base with its main container, and that container's name: found by name; else the only container without a name or
 * an image; else it is added. One without a name gets `wanted`, any other keeps its own.
 */
export function withMainContainer(
  definition: MapNode,
  wanted: string,
): { readonly definition: MapNode; readonly main: string } {
  const containers = itemsOf(definition, 'containerDefinitions');
  if (containers.some((container) => containerName(container)?.name === wanted)) return { definition, main: wanted };
  const candidates = containers.filter((container) => containerName(container) === undefined || !hasImage(container));
  const only = candidates.length === 1 ? candidates[0] : undefined;
  if (only?.kind !== 'map')
    return { definition: withContainers(definition, [...containers, mainContainer(wanted)]), main: wanted };
  const own = containerName(only)?.name;
  if (own !== undefined) return { definition, main: own };
  const renamed = withKeys(only, { name: scalar(wanted, { file: 'built-in' }) });
  return {
    definition: withContainers(
      definition,
      containers.map((container) => (container === only ? renamed : container)),
    ),
    main: wanted,
  };
}

function hasImage(container: ConfigNode): boolean {
  const image = child(container, 'image');
  return image !== undefined && !isNull(image);
}

function mainContainer(name: string): MapNode {
  const origin = { file: 'built-in' };
  return mapOf({ name: scalar(name, origin) }, origin);
}

function withContainers(definition: MapNode, items: readonly ConfigNode[]): MapNode {
  const origin = child(definition, 'containerDefinitions')?.origin ?? definition.origin;
  return withKeys(definition, { containerDefinitions: { kind: 'list', items, origin } });
}
