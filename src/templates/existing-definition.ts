import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { BaseDefinition } from './base-definition.ts';
import { child, itemsOf, type MapNode, onlyKeys, withKeys } from './config-node.ts';
import { LAYERS } from './layer.ts';
import type { Part } from './part.ts';

/** What a lower layer says about containers and RunTask can still carry; images, secrets, sizes and roles it cannot. */
const CARRIED: ReadonlySet<string> = new Set([
  'name',
  'environment',
  'environmentFiles',
  'command',
  'resourceRequirements',
]);
/** What cannot be said about a definition that exists already, and the words that files have for it. */
const CANNOT_APPLY = { image: 'image', entryPoint: 'entryPoint', secrets: 'secrets', stopTimeout: 'timeouts.stop' };

/**
 * The parts that still say something when the task definition exists in ECS already: of lower layers what RunTask can
 * carry; of its own layer and above everything, as overrides, and it is a fault if that cannot be.
 */
export function existingDefinitionParts(
  parts: readonly Part[],
  base: Extract<BaseDefinition, { kind: 'named' }>,
): Result<readonly Part[], readonly Fault[]> {
  const floor = LAYERS.indexOf(base.layer);
  const isLower = ({ layer }: Part) => LAYERS.indexOf(layer) < floor;
  const faults = parts
    .filter((part) => !isLower(part))
    .flatMap((part) => cannotApply(part, String(base.taskDefinition.value)));
  if (faults.length > 0) return err(faults);
  return ok(parts.flatMap((part) => (isLower(part) ? carried(part) : [part])));
}

/** What a person should know: values that apply no more, since the definition is made already. */
export function ignoredWarnings(
  parts: readonly Part[],
  base: Extract<BaseDefinition, { kind: 'named' }>,
): readonly Fault[] {
  const lower = parts.filter(({ layer }) => LAYERS.indexOf(layer) < LAYERS.indexOf(base.layer));
  return lower.flatMap(({ definition }) => {
    const task = [...definition.entries].filter(([key]) => key !== 'containerDefinitions' && key !== 'tags');
    const containers = itemsOf(definition, 'containerDefinitions').flatMap((container) =>
      container.kind === 'map' ? [...container.entries].filter(([key]) => !CARRIED.has(key)) : [],
    );
    return [...task, ...containers].map(([key, { at }]) => ({
      place: at,
      message: `${key} is ignored: ${String(base.taskDefinition.value)} exists already`,
    }));
  });
}

function carried(part: Part): readonly Part[] {
  if (part.kind === 'profile' || part.kind === 'patch') return [];
  const containers = itemsOf(part.definition, 'containerDefinitions').map((container) =>
    container.kind === 'map' ? onlyKeys(container, (key) => CARRIED.has(key)) : container,
  );
  const list = child(part.definition, 'containerDefinitions');
  const kept: MapNode = onlyKeys(part.definition, () => false);
  const definition =
    list?.kind === 'list' ? withKeys(kept, { containerDefinitions: { ...list, items: containers } }) : kept;
  return [{ ...part, definition }];
}

function cannotApply(part: Part, taskDefinition: string): readonly Fault[] {
  const why = `cannot apply to ${taskDefinition}, which exists already`;
  const hint = 'name a template instead, or leave it out';
  if (part.kind === 'patch') return [{ place: part.definition.origin, message: `taskDefinitionPatch ${why}`, hint }];
  return itemsOf(part.definition, 'containerDefinitions').flatMap((container) =>
    Object.entries(CANNOT_APPLY).flatMap(([key, word]) => {
      const said = child(container, key);
      return said === undefined ? [] : [{ place: said.origin, message: `${word} ${why}`, hint }];
    }),
  );
}
