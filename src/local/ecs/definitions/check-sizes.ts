import { clientError } from '../ecs-errors.ts';
import type { ContainerDefinition, TaskDefinition } from './definition-shape.ts';
import { cpuUnitsOf, memoryMiBOf } from './fargate-sizes.ts';

/** CPU units that ECS accepts at all (API `RegisterTaskDefinition`, `cpu`). */
const MIN_CPU_UNITS = 128;
const MAX_CPU_UNITS = 196_608;
const HELP = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

/** Refuses sizes that are none, and containers that do not fit into their task. */
export function checkSizes({ cpu, memory, containerDefinitions }: TaskDefinition): void {
  if (cpu !== undefined) checkCpu(cpuUnitsOf(cpu) ?? 0, containerDefinitions);
  if (memory !== undefined) checkMemory(memoryMiBOf(memory) ?? 0, containerDefinitions);
}

function checkCpu(cpuUnits: number, containers: readonly ContainerDefinition[]): void {
  if (cpuUnits < MIN_CPU_UNITS || cpuUnits > MAX_CPU_UNITS)
    throw clientError(`Invalid 'cpu' setting for task. ${HELP}`);
  const reserved = containers.reduce((total, { cpu }) => total + cpu, 0);
  if (reserved > cpuUnits) {
    throw clientError(`The cpu of the containers, ${reserved} together, is more than the task's, ${cpuUnits}.`);
  }
}

function checkMemory(memoryMiB: number, containers: readonly ContainerDefinition[]): void {
  if (memoryMiB === 0) throw clientError(`Invalid 'memory' setting for task. ${HELP}`);
  const largest = Math.max(...containers.map(({ memory }) => memory ?? 0));
  if (largest > memoryMiB) {
    throw clientError(`The memory of a container, ${largest} MiB, is more than the task's, ${memoryMiB} MiB.`);
  }
}
