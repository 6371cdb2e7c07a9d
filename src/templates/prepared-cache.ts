import type { Fault } from '../core/fault.ts';
import { err, type Result } from '../core/result.ts';
import { child, emptyMap, isNull, type MapNode, onlyKeys } from './config-node.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { type Layer, layersOf } from './layer.ts';
import type { Surroundings } from './parts-of.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { Workspace } from './workspace.ts';

interface Held {
  readonly surroundings: Surroundings;
  readonly prepared: Result<Prepared, readonly Fault[]>;
}

/** Per workspace, flow and environment; a reload makes a new workspace, and the old one's go with it. */
const HELD = new WeakMap<Workspace, Map<string, Held>>();

/** Of a request, what changes which definition it is about: it is merged with the files, and the result is not kept. */
const STRUCTURAL: ReadonlySet<string> = new Set(['taskDefinition', 'containerName']);

/** Nulls that take away a part of lower layers as a whole, which is merged with the others otherwise. */
const STRUCTURAL_IF_NULL: ReadonlySet<string> = new Set(['profile', 'runTaskKwargs', 'taskDefinitionPatch']);

function isStructural(key: string, request: MapNode): boolean {
  return STRUCTURAL.has(key) || (STRUCTURAL_IF_NULL.has(key) && isNull(child(request, key)));
}

/** What the files say about the flow in the environment: merged once, then remembered. */
export function preparedFor(
  workspace: Workspace,
  flow: FlowDefinition,
  environment: string | undefined,
  request: MapNode,
  surroundings: Surroundings,
): Result<Prepared, readonly Fault[]> {
  const structural = onlyKeys(request, (key) => isStructural(key, request));
  if (structural.entries.size > 0) {
    return prepareNow(workspace, flow, environment, [{ name: 'request', config: structural }], surroundings);
  }
  const held = HELD.get(workspace) ?? new Map<string, Held>();
  HELD.set(workspace, held);
  const key = `${environment ?? ''}\n${flow.flow}`;
  const known = held.get(key);
  if (known !== undefined && sameSurroundings(known.surroundings, surroundings)) return known.prepared;
  const prepared = prepareNow(workspace, flow, environment, [], surroundings);
  // An environment is a word of the request: one that agent.yaml does not have may be any, without end.
  const isKnown = environment === undefined || child(child(workspace.agent.document, 'environments'), environment);
  if (isKnown) held.set(key, { surroundings: onlySurroundings(surroundings), prepared });
  return prepared;
}

/** What a request says besides that. */
export function withoutStructural(request: MapNode): MapNode {
  return request.entries.size === 0
    ? emptyMap(request.origin)
    : onlyKeys(request, (key) => !isStructural(key, request));
}

function prepareNow(
  workspace: Workspace,
  flow: FlowDefinition,
  environment: string | undefined,
  above: readonly Layer[],
  surroundings: Surroundings,
): Result<Prepared, readonly Fault[]> {
  const layers = layersOf(workspace, flow, environment);
  return layers.ok ? prepare(workspace, [...layers.value, ...above], surroundings, environment) : err(layers.error);
}

/** Not the whole input of the first run, which may be large. */
function onlySurroundings({ inheritedNetwork, taggedSecrets }: Surroundings): Surroundings {
  return { ...(inheritedNetwork ? { inheritedNetwork } : {}), ...(taggedSecrets ? { taggedSecrets } : {}) };
}

function sameSurroundings(a: Surroundings, b: Surroundings): boolean {
  return a.inheritedNetwork === b.inheritedNetwork && a.taggedSecrets === b.taggedSecrets;
}
