import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Arns } from '../arns.ts';
import type { ContainerDefinition } from '../definitions/definition-shape.ts';
import { cpuUnitsOf, memoryMiBOf } from '../definitions/fargate-sizes.ts';
import type {
  ClusterRecord,
  ContainerRecord,
  DefinitionRecord,
  NetworkInterface,
  TaskRecord,
} from '../state/records.ts';
import { mergeTags } from '../tags/tag-operations.ts';
import type { Tag } from '../tags/tag-shape.ts';
import type { Capacity } from './choose-capacity.ts';
import type { RunTaskInput } from './run-task-shape.ts';

/** What all tasks of one RunTask call have in common. */
export interface Launch {
  readonly input: RunTaskInput;
  readonly cluster: ClusterRecord;
  readonly definition: DefinitionRecord;
  readonly tokenKey: string | undefined;
  readonly region: string;
  readonly arns: Arns;
  readonly now: number;
  /** Names of containers that ECS adds by itself, such as a runtime monitor's. */
  readonly injected: readonly string[];
}

const DEFAULT_EPHEMERAL_GIB = 20;

/** A task at the beginning of its life. */
export function newTask(launch: Launch, capacity: Capacity): TaskRecord {
  const { input, cluster, definition: record, now } = launch;
  const { definition } = record;
  const id = randomBytes(16).toString('hex');
  const isFargate = capacity.launchType === 'FARGATE';
  const storage = input.overrides.ephemeralStorage ?? definition.ephemeralStorage;
  const network = networkOf(input, launch.region);
  return {
    arn: launch.arns.task(cluster.name, id),
    id,
    cluster: cluster.name,
    family: record.family,
    revision: record.revision,
    group: input.group ?? `family:${record.family}`,
    startedBy: input.startedBy,
    ...capacity,
    platformVersion: isFargate ? platformOf(input.platformVersion) : undefined,
    availabilityZone: zoneOf(launch.region, network?.subnetId ?? ''),
    overrides: input.overrides,
    cpu: sizeOf(input.overrides.cpu, cpuUnitsOf) ?? definition.cpu,
    memory: sizeOf(input.overrides.memory, memoryMiBOf) ?? definition.memory,
    ephemeralStorageGiB: isFargate ? (storage?.sizeInGiB ?? DEFAULT_EPHEMERAL_GIB) : undefined,
    enableExecuteCommand: input.enableExecuteCommand,
    tags: tagsOf(launch),
    network,
    tokenKey: launch.tokenKey,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 1,
    containers: [
      ...definition.containerDefinitions.map((container) => containerOf(container, input, id)),
      ...launch.injected.map((name) => ({ ...blankContainer(name, id), cpu: 'null' })),
    ],
    createdAt: now,
    updatedAt: now,
  };
}

function tagsOf({ input, definition, cluster }: Launch): readonly Tag[] {
  const propagated = input.propagateTags === 'TASK_DEFINITION' ? definition.tags : [];
  const managed = input.enableECSManagedTags ? [{ key: 'aws:ecs:clusterName', value: cluster.name }] : [];
  return mergeTags([...propagated, ...managed], input.tags);
}

function containerOf(container: ContainerDefinition, input: RunTaskInput, taskId: string): ContainerRecord {
  const override = input.overrides.containerOverrides?.find(({ name }) => name === container.name);
  return {
    ...blankContainer(container.name, taskId),
    image: container.image,
    cpu: String(override?.cpu ?? container.cpu),
    memory: textOf(override?.memory ?? container.memory),
    memoryReservation: textOf(override?.memoryReservation ?? container.memoryReservation),
  };
}

function blankContainer(name: string, taskId: string): ContainerRecord {
  const runtimeId = `${taskId}-${String(randomInt(10 ** 10)).padStart(10, '0')}`;
  return { name, id: randomUUID(), runtimeId, lastStatus: 'PENDING', cpu: '0' };
}

/** Sizes are told as units and MiB, however they were written. */
function sizeOf(text: string | undefined, amountOf: (text: string) => number | undefined): string | undefined {
  return text === undefined ? undefined : textOf(amountOf(text));
}

function textOf(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function platformOf(version: string | undefined): string {
  return version === undefined || version === 'LATEST' ? '1.4.0' : version;
}

function networkOf(input: RunTaskInput, region: string): NetworkInterface | undefined {
  const subnets = input.networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
  const subnetId = subnets[randomInt(Math.max(1, subnets.length))];
  if (subnetId === undefined) return undefined;
  const [third = 0, fourth = 0] = randomBytes(2);
  const address = `10.0.${third}.${fourth}`;
  return {
    attachmentId: randomUUID(),
    subnetId,
    networkInterfaceId: `eni-${randomBytes(9).toString('hex').slice(0, 17)}`,
    macAddress: `0a:${(randomBytes(5).toString('hex').match(/../g) ?? []).join(':')}`,
    privateDnsName: `ip-${address.replaceAll('.', '-')}.${region}.compute.internal`,
    privateIPv4Address: address,
  };
}

/** A subnet lies in one zone, so the same subnet always means the same one. */
function zoneOf(region: string, subnetId: string): string {
  const [byte = 0] = createHash('sha256').update(subnetId).digest();
  return `${region}${'abc'[byte % 3] ?? 'a'}`;
}
