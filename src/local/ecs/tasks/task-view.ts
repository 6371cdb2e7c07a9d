import type { Arns } from '../arns.ts';
import type { ContainerRecord, NetworkInterface, TaskRecord } from '../state/records.ts';

/** A task as the API tells it: API `Task`, times in epoch seconds. Tags are told only when they are asked for. */
export function taskView(task: TaskRecord, arns: Arns, options: { readonly withTags: boolean }): unknown {
  return {
    ...commonView(task, arns, (ms) => ms / 1000),
    attachments: attachmentsOf(task, 'ElasticNetworkInterface'),
    inferenceAccelerators: [],
    healthStatus: 'UNKNOWN',
    platformFamily: task.launchType === 'FARGATE' ? 'Linux' : undefined,
    fargateEphemeralStorage: storageOf(task),
    tags: options.withTags ? task.tags : [],
  };
}

/**
 * A task as events tell it: times in ISO 8601, attachments of type `eni`, neither tags nor health (Amazon ECS Developer
 * Guide, `ecs_task_events`).
 */
export function taskEventDetail(task: TaskRecord, arns: Arns): unknown {
  return {
    ...commonView(task, arns, isoOf),
    attachments: attachmentsOf(task, 'eni'),
    updatedAt: isoOf(task.updatedAt),
  };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

function commonView(task: TaskRecord, arns: Arns, timeOf: (ms: number) => number | string): Record<string, unknown> {
  return {
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: task.availabilityZone,
    capacityProviderName: task.capacityProviderName,
    clusterArn: arns.cluster(task.cluster),
    connectivity: task.connectivityAt === undefined ? undefined : 'CONNECTED',
    containers: task.containers.map((container) => containerView(container, task, arns)),
    cpu: task.cpu,
    memory: task.memory,
    desiredStatus: task.desiredStatus,
    lastStatus: task.lastStatus,
    enableExecuteCommand: task.enableExecuteCommand,
    ephemeralStorage: storageOf(task),
    group: task.group,
    launchType: task.launchType,
    overrides: overridesView(task),
    platformVersion: task.platformVersion,
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    taskArn: task.arn,
    taskDefinitionArn: arns.definition(task.family, task.revision),
    version: task.version,
    ...timesOf(task, timeOf),
  };
}

const TIMES = [
  'createdAt',
  'connectivityAt',
  'pullStartedAt',
  'pullStoppedAt',
  'startedAt',
  'stoppingAt',
  'executionStoppedAt',
  'stoppedAt',
] as const satisfies readonly (keyof TaskRecord)[];

function timesOf(task: TaskRecord, timeOf: (ms: number) => number | string): Record<string, number | string> {
  return Object.fromEntries(
    TIMES.flatMap((name) => {
      const at = task[name];
      return at === undefined ? [] : [[name, timeOf(at)]];
    }),
  );
}

function storageOf({ ephemeralStorageGiB }: TaskRecord): unknown {
  return ephemeralStorageGiB === undefined ? undefined : { sizeInGiB: ephemeralStorageGiB };
}

/** Every container of the definition is named among the overrides, those without any too. */
function overridesView({ overrides, containers }: TaskRecord): unknown {
  const given = overrides.containerOverrides ?? [];
  const others = containers.filter(({ name }) => !given.some((override) => override.name === name));
  return {
    ...overrides,
    containerOverrides: [...given, ...others.map(({ name }) => ({ name }))],
    inferenceAcceleratorOverrides: overrides.inferenceAcceleratorOverrides ?? [],
  };
}

function containerView(container: ContainerRecord, task: TaskRecord, arns: Arns): unknown {
  const { network } = task;
  return {
    containerArn: arns.container(task.cluster, task.id, container.id),
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    runtimeId: container.lastStatus === 'PENDING' ? undefined : container.runtimeId,
    lastStatus: container.lastStatus,
    exitCode: container.exitCode,
    reason: container.reason,
    networkBindings: [],
    networkInterfaces: network
      ? [{ attachmentId: network.attachmentId, privateIpv4Address: network.privateIPv4Address }]
      : [],
    healthStatus: 'UNKNOWN',
    cpu: container.cpu,
    memory: container.memory,
    memoryReservation: container.memoryReservation,
  };
}

function attachmentsOf(task: TaskRecord, type: string): readonly unknown[] {
  if (!task.network) return [];
  const { attachmentId, subnetId } = task.network;
  const status = attachmentStatus(task);
  const details = status === 'PRECREATED' ? [{ name: 'subnetId', value: subnetId }] : detailsOf(task.network);
  return [{ id: attachmentId, type, status, details }];
}

function attachmentStatus(task: TaskRecord): string {
  if (task.lastStatus === 'STOPPED') return 'DELETED';
  return task.connectivityAt === undefined ? 'PRECREATED' : 'ATTACHED';
}

function detailsOf(network: NetworkInterface): readonly unknown[] {
  const names = ['subnetId', 'networkInterfaceId', 'macAddress', 'privateDnsName', 'privateIPv4Address'] as const;
  return names.map((name) => ({ name, value: network[name] }));
}
