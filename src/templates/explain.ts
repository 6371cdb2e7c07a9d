import { formatPlace } from '../core/fault.ts';
import type { Json } from '../core/json.ts';
import {
  type ConfigNode,
  child,
  emptyMap,
  type MapNode,
  type Overridden,
  onlyKeys,
  toJson,
  withKeys,
} from './config-node.ts';
import { merge } from './merge.ts';
import { nameKeyOf, namingOf } from './named-list.ts';
import type { RunConfig } from './resolve.ts';

/** One field of a launch: what it is, who set it, and what lower layers had said. */
export interface ExplainedField {
  /** `cpu`, `flow.image`, `flow.env.DB_HOST`, `network.subnets`, `tags.team`. */
  readonly field: string;
  readonly value: Json;
  /** `flows/etl.yaml:9:8`, `--cluster`, `SLIPWAY_CLUSTER`, `request`, `built-in` or `reserved`. */
  readonly setBy: string;
  /** The nearest first. */
  readonly overrode: readonly { readonly value: Json; readonly setBy: string }[];
}

const OWN_WORDS: ReadonlyMap<string, string> = new Map([
  ['environment', 'env'],
  ['networkConfiguration', 'network'],
]);
/** Steps that add nothing for the reader. */
const SILENT: ReadonlySet<string> = new Set(['containerDefinitions', 'containerOverrides', 'awsvpcConfiguration']);

/** Every leaf of the two requests as they take effect together, overrides laid over the definition. */
export function explain({ definition, runTask }: RunConfig): readonly ExplainedField[] {
  const registered = definition.kind === 'register' ? definition.finished.node : emptyMap({ file: 'built-in' });
  const overrides = child(runTask, 'overrides');
  const effective = overrides?.kind === 'map' ? merge(registered, inDefinitionShape(overrides)) : registered;
  const task = merge(tagsOnly(registered), withKeys(runTask, { overrides: undefined }));
  const named = definition.kind === 'named' ? leafRow('taskDefinition', definition.taskDefinition) : [];
  return [...named, ...rowsOf(withKeys(effective, { tags: undefined }), ''), ...rowsOf(task, '')];
}

function inDefinitionShape(overrides: MapNode): MapNode {
  const containers = child(overrides, 'containerOverrides');
  return withKeys(overrides, { containerOverrides: undefined, containerDefinitions: containers });
}

function tagsOnly(definition: MapNode): MapNode {
  return withKeys(emptyMap(definition.origin), { tags: child(definition, 'tags') });
}

function rowsOf(map: MapNode, path: string): readonly ExplainedField[] {
  return [...map.entries].flatMap(([key, { value }]) => {
    const step = SILENT.has(key) ? '' : (OWN_WORDS.get(key) ?? key);
    return rowsOfValue(value, joined(path, step), key);
  });
}

function rowsOfValue(value: ConfigNode, path: string, key: string): readonly ExplainedField[] {
  if (value.kind === 'map') return rowsOf(value, path);
  const nameOf = namingOf(key);
  if (value.kind === 'scalar' || nameOf === undefined) return leafRow(path, value);
  return value.items.flatMap((item) => {
    const name = nameOf(item);
    if (item.kind !== 'map' || name === undefined) return leafRow(path, item);
    return rowsOfNamed(item, joined(path, name), nameKeyOf(key));
  });
}

/** The name is in the path already; an entry of name and value is one row. */
function rowsOfNamed(item: MapNode, path: string, nameKey: string | undefined): readonly ExplainedField[] {
  const others = onlyKeys(item, (key) => key !== nameKey);
  if (others.entries.size === 0) return leafRow(path, item);
  const value = child(others, 'value') ?? child(others, 'valueFrom');
  return others.entries.size === 1 && value !== undefined ? leafRow(path, value) : rowsOf(others, path);
}

function leafRow(field: string, node: ConfigNode): readonly ExplainedField[] {
  const overrode = (node.overrode ?? []).map(({ value, origin }: Overridden) => ({
    value: toJson(value),
    setBy: formatPlace(origin),
  }));
  return [{ field, value: toJson(node), setBy: formatPlace(node.origin), overrode }];
}

function joined(path: string, step: string): string {
  if (path === '' || step === '') return path || step;
  return `${path}.${step}`;
}
