import { clientError, invalidParameter } from '../ecs-errors.ts';
import { checkDependencies } from './check-dependencies.ts';
import { checkSizes } from './check-sizes.ts';
import type { ContainerDefinition, TaskDefinition } from './definition-shape.ts';
import { fargateFault } from './fargate-rules.ts';

const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const MAX_BYTES = 64 * 1024;
const MAX_CONTAINERS = 10;
const NETWORK_MODES: ReadonlySet<string> = new Set(['bridge', 'host', 'awsvpc', 'none']);
const COMPATIBILITIES: ReadonlySet<string> = new Set(['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES']);

/** Refuses a definition as RegisterTaskDefinition does; its words are those of ECS where they are known. */
export function checkDefinition(definition: TaskDefinition, bytes: number): void {
  checkTaskLevel(definition, bytes);
  for (const container of definition.containerDefinitions) checkContainer(definition, container);
  checkNames(definition);
  checkDependencies(definition.containerDefinitions);
  checkSizes(definition);
  if (!definition.requiresCompatibilities?.includes('FARGATE')) return;
  const fault = fargateFault(definition);
  if (fault !== undefined) throw clientError(fault);
}

function checkTaskLevel(definition: TaskDefinition, bytes: number): void {
  const { family, containerDefinitions, networkMode, requiresCompatibilities = [] } = definition;
  if (family === '') throw clientError('Family should not be null or empty.');
  if (!NAME.test(family)) throw clientError('Family contains invalid characters or is longer than 255 characters.');
  if (containerDefinitions.length === 0) throw clientError('Container list cannot be empty.');
  if (containerDefinitions.length > MAX_CONTAINERS) {
    throw clientError(
      `A task definition can have at most ${MAX_CONTAINERS} containers, this one has ${containerDefinitions.length}.`,
    );
  }
  if (bytes > MAX_BYTES) throw clientError(`Actual length: '${bytes}'. Max allowed length is '${MAX_BYTES}' bytes.`);
  if (networkMode !== undefined && !NETWORK_MODES.has(networkMode)) {
    throw invalidParameter(`Network mode '${networkMode}' is not one of ${[...NETWORK_MODES].join(', ')}.`);
  }
  const unknown = requiresCompatibilities.find((name) => !COMPATIBILITIES.has(name));
  if (unknown !== undefined)
    throw invalidParameter(`Compatibility '${unknown}' is not one of ${[...COMPATIBILITIES].join(', ')}.`);
}

function checkContainer(definition: TaskDefinition, container: ContainerDefinition): void {
  if (container.name === '') throw clientError('Container.name should not be null or empty.');
  if (!NAME.test(container.name)) throw clientError(`Container.name contains invalid characters: '${container.name}'.`);
  if (container.image === '') throw clientError('Container.image should not be null or empty.');
  checkEnvironment(definition, container);
  checkLogOptions(container);
  const { memory, memoryReservation } = container;
  if (definition.memory === undefined && memory === undefined && memoryReservation === undefined) {
    throw clientError(
      `Invalid setting for container '${container.name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  if (memory !== undefined && memoryReservation !== undefined && memoryReservation > memory) {
    throw clientError(
      `Invalid setting for container '${container.name}'. 'memoryReservation' must be less than 'memory'.`,
    );
  }
}

/** API `LogConfiguration`: group and Region are what the awslogs driver cannot do without. */
function checkLogOptions({ logConfiguration }: ContainerDefinition): void {
  if (logConfiguration?.logDriver !== 'awslogs') return;
  const missing = ['awslogs-region', 'awslogs-group'].filter((name) => !logConfiguration.options?.[name]);
  if (missing.length > 0) throw clientError(`Log driver awslogs requires options: ${missing.join(', ')}`);
}

function checkEnvironment(
  definition: TaskDefinition,
  { name, environment, secrets = [], logConfiguration }: ContainerDefinition,
): void {
  const needsRole = secrets.length > 0 || (logConfiguration?.secretOptions?.length ?? 0) > 0;
  if (needsRole && definition.executionRoleArn === undefined) {
    throw clientError(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  }
  const taken = new Set(environment.map((variable) => variable.name));
  for (const secret of secrets) {
    if (taken.has(secret.name)) {
      throw clientError(
        `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${secret.name}' (container '${name}').`,
      );
    }
    taken.add(secret.name);
  }
}

function checkNames({ containerDefinitions }: TaskDefinition): void {
  const seen = new Set<string>();
  for (const { name } of containerDefinitions) {
    if (seen.has(name)) throw clientError(`Container.name should be unique: '${name}' is used more than once.`);
    seen.add(name);
  }
  if (!containerDefinitions.some(({ essential }) => essential)) {
    throw clientError('At least one container in a task definition must be essential.');
  }
}
