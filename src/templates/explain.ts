import { formatPlace } from '../core/fault.ts';
import type { Json, JsonMap } from '../core/json.ts';
import {
  type ConfigNode,
  child,
  emptyMap,
  type MapNode,
  nodeOf,
  type Overridden,
  onlyKeys,
  toJson,
  withKeys,
} from './config-node.ts';
import { merge } from './merge.ts';
import { nameKeyOf, namingOf } from './named-list.ts';
import { type LaunchIdentity, render } from './render.ts';
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
export function explain(config: RunConfig, identity: LaunchIdentity): readonly ExplainedField[] {
  const { definition, runTask } = config;
  const registered = definition.kind === 'register' ? definition.finished.node : emptyMap({ file: 'built-in' });
  const overrides = child(runTask, 'overrides');
  const effective = overrides?.kind === 'map' ? merge(registered, inDefinitionShape(overrides)) : registered;
  const task = merge(
    tagsOnly(registered),
    withKeys(runTask, { overrides: undefined, placementConstraints: undefined }),
  );
  // Both requests have a field of this name, and neither takes the other's place.
  const constraints = onlyKeys(runTask, (key) => key === 'placementConstraints');
  const named = definition.kind === 'named' ? leafRow('taskDefinition', definition.taskDefinition) : [];
  return [
    ...named,
    ...rowsOf(withKeys(effective, { tags: undefined }), ''),
    ...rowsOf(task, ''),
    ...rowsOf(constraints, 'runTask'),
    ...identityRows(config, identity),
  ];
}

/** The words of RunTask that no layer can set, and the cluster that ECS takes where none is named. */
function identityRows(config: RunConfig, identity: LaunchIdentity): readonly ExplainedField[] {
  const { clientToken, startedBy, cluster } = render(config, identity).runTask;
  const row = (field: string, value: string, setBy: string) => ({ field, value, setBy, overrode: [] });
  const own = [row('startedBy', startedBy, 'reserved'), row('clientToken', clientToken, 'reserved')];
  return child(config.runTask, 'cluster') === undefined ? [row('cluster', cluster, 'built-in'), ...own] : own;
}

/** The leaves of a plain request, in the words of {@link explain}. */
export function leavesOf(request: JsonMap): readonly Pick<ExplainedField, 'field' | 'value'>[] {
  const node = nodeOf(request, { file: '' });
  return node.kind === 'map' ? rowsOf(node, '').map(({ field, value }) => ({ field, value })) : [];
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

/** An entry of name and value is one row, since its name is in the path; of any other the name has a row too. */
function rowsOfNamed(item: MapNode, path: string, nameKey = ''): readonly ExplainedField[] {
  const others = onlyKeys(item, (key) => key !== nameKey);
  const value = child(others, 'value') ?? child(others, 'valueFrom');
  if (others.entries.size === 1 && value !== undefined) return leafRow(path, value);
  const name = child(item, nameKey);
  return rowsOf(name === undefined ? item : withKeys(item, { [nameKey]: firstSaid(name) }), path);
}

/** Whoever lays something over a named entry repeats its name: it is the first one's. */
function firstSaid(name: ConfigNode): ConfigNode {
  return name.overrode?.at(-1)?.value ?? name;
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
