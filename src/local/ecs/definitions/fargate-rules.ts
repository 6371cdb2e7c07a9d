import type { ContainerDefinition, TaskDefinition } from './definition-shape.ts';
import { cpuUnitsOf, isFargateSize, memoryMiBOf } from './fargate-sizes.ts';

/** Members of a container definition that Fargate refuses (Amazon ECS Developer Guide, `fargate-tasks-services`). */
const REFUSED_MEMBERS = [
  'disableNetworking',
  'dnsSearchDomains',
  'dnsServers',
  'dockerSecurityOptions',
  'extraHosts',
  'links',
  'privileged',
] as const satisfies readonly (keyof ContainerDefinition)[];

const REFUSED_LINUX_PARAMETERS = ['devices', 'maxSwap', 'sharedMemorySize', 'swappiness', 'tmpfs'] as const;
const LOG_DRIVERS: ReadonlySet<string> = new Set(['awslogs', 'splunk', 'awsfirelens']);
const ECR_IMAGE = /^\d+\.dkr[.-]ecr\./;
const MAX_STOP_TIMEOUT_SECONDS = 120;
const MIN_STOP_TIMEOUT_SECONDS = 2;

/** Why a definition cannot run on Fargate, in the words of ECS where they are known; undefined when it can. */
export function fargateFault(definition: TaskDefinition): string | undefined {
  return taskFault(definition) ?? firstOf(definition.containerDefinitions, (item) => containerFault(definition, item));
}

/** Why Fargate has no such size; undefined when it has. */
export function fargateSizeFault(cpu: string | undefined, memory: string | undefined): string | undefined {
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  if (isFargateSize(cpuUnitsOf(cpu) ?? 0, memoryMiBOf(memory) ?? 0)) return undefined;
  return `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`;
}

/** Why Fargate refuses this amount of ephemeral storage; undefined when it does not. */
export function ephemeralStorageFault(sizeInGiB: number | undefined): string | undefined {
  if (sizeInGiB === undefined || (Number.isInteger(sizeInGiB) && sizeInGiB >= 21 && sizeInGiB <= 200)) return undefined;
  return `Invalid ephemeralStorage size: ${sizeInGiB} GiB. Fargate supports 21 to 200 GiB.`;
}

function taskFault(definition: TaskDefinition): string | undefined {
  if (definition.networkMode !== 'awsvpc') return 'Fargate only supports network mode ‘awsvpc’.';
  const size = fargateSizeFault(definition.cpu, definition.memory);
  if (size !== undefined) return size;
  if (definition.ipcMode !== undefined) return 'Fargate compatible task definitions do not support ipcMode.';
  if (definition.pidMode !== undefined && definition.pidMode !== 'task') {
    return "Fargate compatible task definitions only support pidMode 'task'.";
  }
  if (definition.placementConstraints.length > 0) {
    return 'Fargate compatible task definitions do not support placementConstraints.';
  }
  return ephemeralStorageFault(definition.ephemeralStorage?.sizeInGiB) ?? firstOf(definition.volumes, volumeFault);
}

function volumeFault(volume: TaskDefinition['volumes'][number]): string | undefined {
  if (volume.dockerVolumeConfiguration !== undefined) {
    return 'Fargate compatible task definitions do not support dockerVolumeConfiguration.';
  }
  return volume.host?.sourcePath === undefined
    ? undefined
    : 'Fargate compatible task definitions do not support volumes with host.sourcePath.';
}

function containerFault(definition: TaskDefinition, container: ContainerDefinition): string | undefined {
  return refusedMember(container) ?? logFault(container) ?? roleFault(definition, container) ?? limitFault(container);
}

function refusedMember(container: ContainerDefinition): string | undefined {
  const linux = container.linuxParameters;
  const refused =
    REFUSED_MEMBERS.find((name) => saysSomething(container[name])) ??
    REFUSED_LINUX_PARAMETERS.find((name) => saysSomething(linux?.[name])) ??
    (container.resourceRequirements?.some(({ type }) => type === 'GPU') ? 'gpu' : undefined);
  if (refused !== undefined) return `Fargate compatible task definitions do not support ${refused}.`;
  return linux?.capabilities?.add?.some((name) => name !== 'SYS_PTRACE')
    ? "Fargate compatible task definitions only support 'SYS_PTRACE' in linuxParameters.capabilities.add."
    : undefined;
}

function logFault({ logConfiguration }: ContainerDefinition): string | undefined {
  if (logConfiguration === undefined) return undefined;
  const { logDriver, options = {} } = logConfiguration;
  if (!LOG_DRIVERS.has(logDriver)) return `Fargate compatible task definitions do not support log driver ${logDriver}.`;
  if (logDriver !== 'awslogs' || options['awslogs-stream-prefix'] !== undefined) return undefined;
  return 'Fargate requires the awslogs-stream-prefix option for log driver awslogs.';
}

function roleFault(definition: TaskDefinition, container: ContainerDefinition): string | undefined {
  if (definition.executionRoleArn !== undefined) return undefined;
  const needs = 'Fargate requires task definition to have execution role ARN to support';
  if (ECR_IMAGE.test(container.image)) return `${needs} ECR images.`;
  return container.logConfiguration?.logDriver === 'awslogs' ? `${needs} log driver awslogs.` : undefined;
}

function limitFault({ name, stopTimeout, startTimeout }: ContainerDefinition): string | undefined {
  const wrong = [stopTimeout, startTimeout].find(
    (seconds) => seconds !== undefined && (seconds < MIN_STOP_TIMEOUT_SECONDS || seconds > MAX_STOP_TIMEOUT_SECONDS),
  );
  if (wrong === undefined) return undefined;
  return `Invalid start or stop timeout of container ${name}: ${wrong}. Fargate supports ${MIN_STOP_TIMEOUT_SECONDS} to ${MAX_STOP_TIMEOUT_SECONDS} seconds.`;
}

function saysSomething(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

function firstOf<Item>(items: readonly Item[], faultOf: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const fault = faultOf(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
