import type { Fault } from '../../core/fault.ts';
import { child, itemsOf, type MapNode, scalar, textOf } from '../config-node.ts';
import type { FinishedDefinition } from '../finish-definition.ts';
import { type LaunchChoice, runsOnFargate } from '../launch-choice.ts';
import { containerName, containerNamed } from '../part.ts';
import { definitionFaults, isWindows, sharedNames, storageFaults } from './definition.ts';
import { checkEcsShape } from './ecs-shape.ts';
import { executionRoleNeed } from './execution-role.ts';
import { fargateSizeFaults } from './fargate-sizes.ts';
import { runTaskFaults } from './run-task.ts';

/** Checks a whole launch before any AWS call. `filled`: placeholders were filled in, so that types have to be looked at again. */
export function checkLaunch(
  finished: FinishedDefinition | undefined,
  runTask: MapNode,
  choice: LaunchChoice,
  filled: boolean,
): readonly Fault[] {
  const overrides = child(runTask, 'overrides');
  const task = overrides?.kind === 'map' ? overrides : undefined;
  const shape = filled ? checkEcsShape(runTask, 'RunTaskRequest') : [];
  if (finished === undefined) return [...shape, ...existingFaults(task, runTask, choice)];
  const awsvpc = textOf(finished.node, 'networkMode') === 'awsvpc';
  return [
    ...definitionFaults(finished),
    ...shape,
    ...runTaskFaults(runTask, finished.onFargate, awsvpc ? child(finished.node, 'networkMode') : undefined),
    ...storageFaults(task),
    ...(finished.onFargate ? effectiveSizeFaults(finished.node, task) : []),
    ...limitFaults(finished.node, task),
    ...roleFaults(finished, task),
    ...sharedNameFaults(finished.node, task),
  ];
}

/** Of a definition that exists in ECS, only what RunTask itself says can be looked at. */
function existingFaults(task: MapNode | undefined, runTask: MapNode, choice: LaunchChoice): readonly Fault[] {
  const onFargate = runsOnFargate(choice, undefined);
  const sizes = onFargate ? fargateSizeFaults(child(task, 'cpu'), child(task, 'memory'), false) : [];
  const awsvpc = onFargate ? scalar('awsvpc', { file: 'built-in' }) : undefined;
  return [...runTaskFaults(runTask, onFargate, awsvpc), ...storageFaults(task), ...sizes];
}

/** What the task really gets: the run's size where it says one, else the definition's. */
function effectiveSizeFaults(definition: MapNode, task: MapNode | undefined): readonly Fault[] {
  const [cpu, memory] = [child(task, 'cpu'), child(task, 'memory')];
  if (cpu === undefined && memory === undefined) return [];
  const both = [cpu ?? child(definition, 'cpu'), memory ?? child(definition, 'memory')] as const;
  // The run's own word breaks the pair, even where it is the files' half that does not fit.
  const place = (memory ?? cpu)?.origin;
  return fargateSizeFaults(...both, isWindows(definition)).map((fault) => (place ? { ...fault, place } : fault));
}

/** A container's own limit above the task's is refused by ECS (API ContainerDefinition). */
function limitFaults(definition: MapNode, task: MapNode | undefined): readonly Fault[] {
  return (['cpu', 'memory'] as const).flatMap((key) => {
    const size = child(task, key) ?? child(definition, key);
    const most = size?.kind === 'scalar' ? Number(size.value) : Number.NaN;
    return itemsOf(definition, 'containerDefinitions').flatMap((container): Fault[] => {
      const name = containerName(container)?.name ?? '';
      const limit = child(containerOverride(task, name), key) ?? child(container, key);
      if (limit?.kind !== 'scalar' || !(Number(limit.value) > most)) return [];
      return [
        {
          place: limit.origin,
          message: `the container "${name}" has ${key} ${limit.value}, more than the task's ${most}`,
        },
      ];
    });
  });
}

function sharedNameFaults(definition: MapNode, task: MapNode | undefined): readonly Fault[] {
  if (task === undefined) return [];
  return itemsOf(task, 'containerOverrides').flatMap((override) => {
    const container = containerNamed(definition, containerName(override)?.name ?? '');
    return sharedNames(container, itemsOf(override, 'environment'));
  });
}

function containerOverride(task: MapNode | undefined, name: string): MapNode | undefined {
  const list = child(task, 'containerOverrides');
  if (task === undefined || list === undefined) return undefined;
  const found = itemsOf(task, 'containerOverrides').find((container) => containerName(container)?.name === name);
  return found?.kind === 'map' ? found : undefined;
}

function roleFaults({ node, onFargate }: FinishedDefinition, task: MapNode | undefined): readonly Fault[] {
  if ((textOf(task, 'executionRoleArn') ?? textOf(node, 'executionRoleArn')) !== undefined) return [];
  const need = executionRoleNeed(node, onFargate);
  if (need === undefined) return [];
  return [
    {
      place: need.at.origin,
      message: `an execution role is needed: ${need.why}`,
      hint: 'set executionRoleArn in ecs or in the runConfig of the flow',
    },
  ];
}
