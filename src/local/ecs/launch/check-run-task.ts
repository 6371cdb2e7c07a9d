import { AwsError } from '../../service.ts';
import { ephemeralStorageFault, fargateSizeFault } from '../definitions/fargate-rules.ts';
import { cpuUnitsOf, memoryMiBOf } from '../definitions/fargate-sizes.ts';
import { clientError, invalidParameter } from '../ecs-errors.ts';
import type { DefinitionRecord } from '../state/records.ts';
import { checkTags } from '../tags/check-tags.ts';
import type { RunTaskInput } from './run-task-shape.ts';

const MAX_COUNT = 10;
const MAX_OVERRIDES_CHARACTERS = 8192;
const MAX_SUBNETS = 16;
const MAX_SECURITY_GROUPS = 5;
const MAX_STARTED_BY_CHARACTERS = 128;
/** API `RunTask`, `clientToken`: up to 64 characters in the range of 33 to 126. */
const CLIENT_TOKEN = /^[\x21-\x7e]{1,64}$/;

/** Refuses what RunTask refuses without a look at the task definition. */
export function checkRequest(input: RunTaskInput): void {
  if (input.taskDefinition === '') throw clientError('TaskDefinition should not be null or empty.');
  if (input.count < 1 || input.count > MAX_COUNT)
    throw invalidParameter(`count must be between 1 and ${MAX_COUNT}, not ${input.count}.`);
  if (input.clientToken !== undefined && !CLIENT_TOKEN.test(input.clientToken)) {
    throw invalidParameter('clientToken must have 1 to 64 ASCII characters in the range of 33-126.');
  }
  checkStartedBy(input.startedBy);
  checkOverridesLength(input);
  checkTags(input.tags);
  checkNetwork(input);
  if (input.propagateTags !== undefined && !['TASK_DEFINITION', 'NONE'].includes(input.propagateTags)) {
    throw invalidParameter(
      `propagateTags must be TASK_DEFINITION or NONE to run a task, not '${input.propagateTags}'.`,
    );
  }
  if (input.placementConstraints.length > 10)
    throw invalidParameter('A task can have at most 10 placement constraints.');
  if (input.placementStrategy.length > 5) throw invalidParameter('A task can have at most 5 placement strategies.');
}

/** Refuses what does not go together with the task definition. */
export function checkAgainstDefinition(
  input: RunTaskInput,
  record: DefinitionRecord,
  launchTypes: readonly string[],
): void {
  const { definition } = record;
  if (record.status !== 'ACTIVE') throw clientError('TaskDefinition is inactive');
  checkContainerNames(input, record);
  checkNetworkMode(input, definition.networkMode);
  const refused = launchTypes.find((launchType) => !supports(record, launchType));
  if (refused !== undefined) throw invalidParameter(`Task definition does not support launch_type ${refused}.`);
  if (launchTypes.includes('FARGATE')) checkFargate(input, record);
  else if (input.platformVersion !== undefined) {
    throw invalidParameter('The platform version must be null when specifying an EC2 launch type.');
  }
  checkContainerSizes(input, record);
  if (input.enableExecuteCommand && input.overrides.taskRoleArn === undefined && definition.taskRoleArn === undefined) {
    throw invalidParameter(
      "The task couldn't be started because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.",
    );
  }
}

function checkStartedBy(startedBy: string | undefined): void {
  if (startedBy === undefined) return;
  if (startedBy.length > MAX_STARTED_BY_CHARACTERS) {
    throw invalidParameter(
      `startedBy cannot be longer than ${MAX_STARTED_BY_CHARACTERS} characters, this one has ${startedBy.length}.`,
    );
  }
  if (!/^[A-Za-z0-9/_-]*$/.test(startedBy)) {
    throw invalidParameter('startedBy can only contain letters, numbers, hyphens, forward slashes and underscores.');
  }
}

/** API `TaskOverride`: up to 8192 characters, the JSON's own included. The words were seen in reports. */
function checkOverridesLength({ overrides }: RunTaskInput): void {
  if (JSON.stringify(overrides).length <= MAX_OVERRIDES_CHARACTERS) return;
  throw invalidParameter(`Container Overrides length must be at most ${MAX_OVERRIDES_CHARACTERS}`);
}

function checkNetwork({ networkConfiguration }: RunTaskInput): void {
  const vpc = networkConfiguration?.awsvpcConfiguration;
  if (!vpc) return;
  if (vpc.subnets.length === 0) throw invalidParameter('Subnets can not be empty.');
  if (vpc.subnets.length > MAX_SUBNETS) throw invalidParameter(`subnets can have at most ${MAX_SUBNETS} items.`);
  if (vpc.securityGroups.length > MAX_SECURITY_GROUPS) {
    throw invalidParameter(`securityGroups can have at most ${MAX_SECURITY_GROUPS} items.`);
  }
  if (vpc.assignPublicIp !== undefined && !['ENABLED', 'DISABLED'].includes(vpc.assignPublicIp)) {
    throw invalidParameter(`assignPublicIp must be ENABLED or DISABLED, not '${vpc.assignPublicIp}'.`);
  }
}

function checkContainerNames(input: RunTaskInput, { definition }: DefinitionRecord): void {
  const names = new Set(definition.containerDefinitions.map(({ name }) => name));
  for (const override of input.overrides.containerOverrides ?? []) {
    if (override.name === undefined || override.name === '') {
      throw invalidParameter('Container override must name the container that it is for.');
    }
    if (!names.has(override.name)) {
      throw invalidParameter(`Override for container named ${override.name} is not a container in the TaskDefinition.`);
    }
  }
}

function checkNetworkMode(input: RunTaskInput, networkMode: string | undefined): void {
  const isGiven = input.networkConfiguration?.awsvpcConfiguration !== undefined;
  if (networkMode === 'awsvpc' && !isGiven) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (networkMode !== 'awsvpc' && isGiven) {
    throw invalidParameter('Network Configuration is not valid for the given networkMode of this task definition.');
  }
}

/** A definition that names what it is for is held to it; one that does not is held to what it is fit for. */
function supports({ definition, compatibilities }: DefinitionRecord, launchType: string): boolean {
  return (definition.requiresCompatibilities ?? compatibilities).includes(launchType);
}

function checkFargate({ overrides, platformVersion }: RunTaskInput, { definition }: DefinitionRecord): void {
  if (overrides.cpu !== undefined || overrides.memory !== undefined) {
    const fault = fargateSizeFault(overrides.cpu ?? definition.cpu, overrides.memory ?? definition.memory);
    if (fault !== undefined) throw invalidParameter(fault);
  }
  const storage = ephemeralStorageFault(overrides.ephemeralStorage?.sizeInGiB);
  if (storage !== undefined) throw invalidParameter(storage);
  if (platformVersion !== undefined && !['LATEST', '1.4.0', '1.3.0'].includes(platformVersion)) {
    throw platformUnknown();
  }
}

function checkContainerSizes({ overrides }: RunTaskInput, { definition }: DefinitionRecord): void {
  const cpuUnits = limitOf(overrides.cpu ?? definition.cpu, cpuUnitsOf);
  const memoryMiB = limitOf(overrides.memory ?? definition.memory, memoryMiBOf);
  for (const container of definition.containerDefinitions) {
    const override = overrides.containerOverrides?.find(({ name }) => name === container.name);
    const memory = override?.memory ?? container.memory ?? 0;
    if (memory > memoryMiB) {
      throw invalidParameter(
        `Invalid setting for container '${container.name}'. Its memory, ${memory} MiB, is more than the task's, ${memoryMiB} MiB.`,
      );
    }
    const cpu = override?.cpu ?? container.cpu;
    if (cpu > cpuUnits) {
      throw invalidParameter(
        `Invalid setting for container '${container.name}'. Its cpu, ${cpu}, is more than the task's, ${cpuUnits}.`,
      );
    }
  }
}

function limitOf(text: string | undefined, amountOf: (text: string) => number | undefined): number {
  return text === undefined ? Number.POSITIVE_INFINITY : (amountOf(text) ?? 0);
}

function platformUnknown(): Error {
  return new AwsError('PlatformUnknownException', 'The specified platform does not exist.');
}
