import type { Fault } from '../../core/fault.ts';
import { type ConfigNode, child, isNull, itemsOf, type MapNode, onlyKeys } from '../config-node.ts';
import { isReservedName } from '../shapes.ts';
import { lossyValues } from '../word-faults.ts';
import { checkEcsShape } from './ecs-shape.ts';

/** What RunTask takes and nobody may set: an attempt has one task, and its identity is ours (DESIGN 6). */
const NEVER_IN_KWARGS: Readonly<Record<string, string>> = {
  taskDefinition: 'name it beside runTaskKwargs',
  count: 'a run has one task',
  startedBy: 'Slipway sets it',
  clientToken: 'Slipway sets it',
  referenceId: 'only ECS itself sets it',
};

/** Faults of `ecs` or a `runConfig` that its schema cannot see: what its templates, kwargs and lists hold. */
export function runConfigFaults(node: ConfigNode): readonly Fault[] {
  if (node.kind !== 'map') return [];
  const inline = (key: string) => {
    const value = child(node, key);
    return value?.kind === 'map' ? value : undefined;
  };
  const template = inline('taskDefinition');
  const patch = inline('taskDefinitionPatch');
  const kwargs = inline('runTaskKwargs');
  const words = onlyKeys(node, (key) => key === 'launchType' || key === 'capacityProviderStrategy');
  return [
    ...(template ? taskDefinitionFaults(template) : []),
    ...(patch ? patchFaults(patch) : []),
    ...(kwargs ? runTaskKwargsFaults(kwargs) : []),
    ...checkEcsShape(words, 'RunTaskRequest'),
    ...lossyValues(child(node, 'env')),
    ...lossyValues(child(node, 'tags')),
  ];
}

/** Faults of a task definition that serves as a template. */
export function taskDefinitionFaults(node: MapNode): readonly Fault[] {
  if (node.entries.size === 0) {
    return [{ place: node.origin, message: 'taskDefinition is empty', hint: 'leave it out to use the one below' }];
  }
  return patchFaults(node);
}

function patchFaults(node: MapNode): readonly Fault[] {
  return [...checkEcsShape(node, 'RegisterTaskDefinitionRequest'), ...reservedFaults(node)];
}

/** Faults of run-task kwargs. */
export function runTaskKwargsFaults(node: MapNode): readonly Fault[] {
  const faults = [...checkEcsShape(node, 'RunTaskRequest'), ...reservedFaults(child(node, 'overrides'))];
  for (const [key, hint] of Object.entries(NEVER_IN_KWARGS)) {
    const entry = node.entries.get(key);
    if (entry !== undefined) faults.push({ place: entry.at, message: `${key} may not stand in runTaskKwargs`, hint });
  }
  return [...faults, ...nullFaults(node, 'overrides'), ...nullFaults(child(node, 'overrides'), 'containerOverrides')];
}

/** What overrides say is merged with the definition: there is nothing of theirs alone that a null could take away. */
function nullFaults(node: ConfigNode | undefined, key: string): readonly Fault[] {
  const entry = node?.kind === 'map' ? node.entries.get(key) : undefined;
  if (entry === undefined || !isNull(entry.value)) return [];
  return [{ place: entry.at, message: `${key}: null removes nothing`, hint: 'set the fields inside to null' }];
}

/** Variables and secrets of any container with names that Slipway sets itself. */
function reservedFaults(node: ConfigNode | undefined): readonly Fault[] {
  const containers = [...itemsOf(node, 'containerDefinitions'), ...itemsOf(node, 'containerOverrides')];
  const entries = containers.flatMap((container) => [
    ...itemsOf(container, 'environment'),
    ...itemsOf(container, 'secrets'),
  ]);
  return entries.flatMap((entry) => {
    const name = child(entry, 'name');
    if (name?.kind !== 'scalar' || !isReservedName(String(name.value))) return [];
    return [{ place: name.origin, message: `"${name.value}" is reserved: Slipway sets the SLIPWAY_ variables itself` }];
  });
}
