import type { Fault } from '../../core/fault.ts';
import { type ConfigNode, child, itemsOf, type MapNode, textOf } from '../config-node.ts';
import type { FinishedDefinition } from '../finish-definition.ts';
import { containerName } from '../part.ts';
import { checkEcsShape } from './ecs-shape.ts';
import { fargateFieldFaults } from './fargate-fields.ts';
import { fargateSizeFaults } from './fargate-sizes.ts';
import { tagFaults } from './tags.ts';

const KNOWN = new WeakMap<FinishedDefinition, readonly Fault[]>();

/** What is wrong with a definition whatever the run: looked at once for all runs that share it. */
export function definitionFaults(finished: FinishedDefinition): readonly Fault[] {
  const known = KNOWN.get(finished) ?? allFaults(finished);
  KNOWN.set(finished, known);
  return known;
}

function allFaults({ node, family, onFargate, faults }: FinishedDefinition): readonly Fault[] {
  return [
    ...faults,
    ...familyFaults(node, family),
    ...itemsOf(node, 'containerDefinitions').flatMap(containerFaults),
    ...checkEcsShape(node, 'RegisterTaskDefinitionRequest', { complete: true }),
    ...tagFaults(child(node, 'tags')),
    ...storageFaults(node),
    ...(onFargate
      ? [...fargateFieldFaults(node), ...fargateSizeFaults(child(node, 'cpu'), child(node, 'memory'), isWindows(node))]
      : []),
  ];
}

/** Whether the definition is for Windows: Fargate has fewer sizes for it. */
export function isWindows(definition: MapNode): boolean {
  return textOf(child(definition, 'runtimePlatform'), 'operatingSystemFamily')?.startsWith('WINDOWS') ?? false;
}

function familyFaults(node: MapNode, family: string): readonly Fault[] {
  if (/^[A-Za-z0-9_-]{1,255}$/.test(family)) return [];
  const place = child(node, 'family')?.origin ?? node.origin;
  return [
    {
      place,
      message: `family "${family.slice(0, 40)}" is none that ECS takes`,
      hint: '1 to 255 letters, digits, "-" or "_"',
    },
  ];
}

function containerFaults(container: ConfigNode): readonly Fault[] {
  const name = containerName(container);
  if (name === undefined) return [{ place: container.origin, message: 'a container has no name' }];
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name.name)) {
    return [
      {
        place: name.at,
        message: `"${name.name}" is no name of a container`,
        hint: '1 to 255 letters, digits, "-" or "_"',
      },
    ];
  }
  const shared = sharedNames(container, itemsOf(container, 'environment'));
  if (textOf(container, 'image')) return shared;
  return [
    {
      place: container.origin,
      message: `the container "${name.name}" has no image`,
      hint: 'set image in the runConfig of the flow, in ecs, or in the template',
    },
  ];
}

/** ECS refuses a container of which a variable and a secret have one name (API Secret). */
export function sharedNames(container: ConfigNode | undefined, environment: readonly ConfigNode[]): readonly Fault[] {
  const secrets = new Set(itemsOf(container, 'secrets').map((secret) => textOf(secret, 'name')));
  return environment
    .filter((variable) => secrets.has(textOf(variable, 'name') ?? ''))
    .map((variable) => ({
      place: variable.origin,
      message: `"${textOf(variable, 'name')}" is a variable and a secret of one container`,
      hint: 'take one of them away with a null',
    }));
}

/** 21 to 200 GiB (API EphemeralStorage). */
export function storageFaults(holder: ConfigNode | undefined): readonly Fault[] {
  const size = child(child(holder, 'ephemeralStorage'), 'sizeInGiB');
  if (size === undefined) return [];
  const value = size.kind === 'scalar' ? size.value : undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 21 && value <= 200) return [];
  return [
    {
      place: size.origin,
      message: `ephemeralStorage ${String(value)} is no size that ECS takes`,
      hint: '21 to 200 GiB, whole',
    },
  ];
}
