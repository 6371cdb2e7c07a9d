import type { ContainerDefinition, TaskDefinition } from './definition-shape.ts';
import { fargateFault } from './fargate-rules.ts';
import { cpuUnitsOf, memoryMiBOf } from './fargate-sizes.ts';

/**
 * The definition as ECS keeps it and tells it back: sizes as units and MiB, a network mode, and a protocol and host
 * port for every port. It therefore differs from what was sent, as on AWS.
 */
export function normaliseDefinition(definition: TaskDefinition): TaskDefinition {
  const { cpu, memory } = definition;
  const networkMode = definition.networkMode ?? 'bridge';
  return {
    ...definition,
    networkMode,
    containerDefinitions: definition.containerDefinitions.map((container) => withPorts(container, networkMode)),
    ...(cpu === undefined ? {} : { cpu: String(cpuUnitsOf(cpu) ?? cpu) }),
    ...(memory === undefined ? {} : { memory: String(memoryMiBOf(memory) ?? memory) }),
  };
}

function withPorts(container: ContainerDefinition, networkMode: string): ContainerDefinition {
  const sharesTaskPorts = networkMode === 'awsvpc' || networkMode === 'host';
  return {
    ...container,
    portMappings: container.portMappings.map((port) => ({
      ...port,
      hostPort: port.hostPort ?? (sharesTaskPorts ? port.containerPort : 0),
      protocol: port.protocol ?? 'tcp',
    })),
  };
}

/** The launch types that a definition is fit for: API `TaskDefinition`, `compatibilities`. */
export function compatibilitiesOf(definition: TaskDefinition): readonly string[] {
  return fargateFault(definition) === undefined
    ? ['EC2', 'MANAGED_INSTANCES', 'FARGATE']
    : ['EC2', 'MANAGED_INSTANCES', 'EXTERNAL'];
}

/** What a container instance must be able to do: API `TaskDefinition`, `requiresAttributes`. */
export function requiredAttributesOf(definition: TaskDefinition): readonly { readonly name: string }[] {
  const containers = definition.containerDefinitions;
  const needs: readonly (readonly [boolean, string])[] = [
    [
      containers.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs'),
      'com.amazonaws.ecs.capability.logging-driver.awslogs',
    ],
    [definition.executionRoleArn !== undefined, 'ecs.capability.execution-role-awslogs'],
    [definition.taskRoleArn !== undefined, 'com.amazonaws.ecs.capability.task-iam-role'],
    [containers.some(({ secrets = [] }) => secrets.length > 0), 'ecs.capability.secrets.asm.environment-variables'],
    [definition.networkMode === 'awsvpc', 'ecs.capability.task-eni'],
    [true, 'com.amazonaws.ecs.capability.docker-remote-api.1.18'],
  ];
  return needs.filter(([needed]) => needed).map(([, name]) => ({ name }));
}
