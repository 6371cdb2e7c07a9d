import { clientError } from '../ecs-errors.ts';
import type { ContainerDefinition } from './definition-shape.ts';

type ByName = ReadonlyMap<string, ContainerDefinition>;
type Dependency = NonNullable<ContainerDefinition['dependsOn']>[number];

const CONDITIONS: ReadonlySet<string> = new Set(['START', 'COMPLETE', 'SUCCESS', 'HEALTHY']);

/** Refuses dependencies among containers that can never be met (API `ContainerDependency`). */
export function checkDependencies(containers: readonly ContainerDefinition[]): void {
  const byName: ByName = new Map(containers.map((container) => [container.name, container]));
  for (const { name, dependsOn = [] } of containers) {
    for (const dependency of dependsOn) checkDependency(name, dependency, byName);
  }
  for (const { name } of containers) checkNoCycle(name, byName, []);
}

function checkDependency(name: string, { containerName, condition }: Dependency, byName: ByName): void {
  const target = byName.get(containerName);
  if (!target || containerName === name) {
    throw clientError(
      `Container '${name}' depends on '${containerName}', which is not another container of the task definition.`,
    );
  }
  if (!CONDITIONS.has(condition)) throw clientError(`Invalid dependency condition: '${condition}'.`);
  if (target.essential && (condition === 'COMPLETE' || condition === 'SUCCESS')) {
    throw clientError(
      `A dependency with condition ${condition} cannot be on an essential container: '${containerName}'.`,
    );
  }
}

function checkNoCycle(name: string, byName: ByName, path: readonly string[]): void {
  if (path.includes(name)) throw clientError(`Container dependencies form a cycle: ${[...path, name].join(' -> ')}.`);
  for (const { containerName } of byName.get(name)?.dependsOn ?? [])
    checkNoCycle(containerName, byName, [...path, name]);
}
