import type { Arns } from '../arns.ts';
import type { TaskDefinition } from '../definitions/definition-shape.ts';
import { cpuUnitsOf, memoryMiBOf } from '../definitions/fargate-sizes.ts';
import type { ContainerRecord, TaskRecord } from '../state/records.ts';

export interface MetadataSubject {
  readonly task: TaskRecord;
  readonly definition: TaskDefinition;
  readonly arns: Arns;
}

/** What `GET $ECS_CONTAINER_METADATA_URI_V4/task` tells on Fargate; CPU in vCPUs, memory in MiB. */
export function taskMetadata(subject: MetadataSubject): Record<string, unknown> {
  const { task, arns } = subject;
  return {
    Cluster: arns.cluster(task.cluster),
    TaskARN: task.arn,
    Family: task.family,
    Revision: String(task.revision),
    DesiredStatus: task.desiredStatus,
    KnownStatus: task.lastStatus,
    Limits: {
      CPU: task.cpu === undefined ? undefined : (cpuUnitsOf(task.cpu) ?? 0) / 1024,
      Memory: task.memory === undefined ? undefined : memoryMiBOf(task.memory),
    },
    PullStartedAt: isoOf(task.pullStartedAt),
    PullStoppedAt: isoOf(task.pullStoppedAt),
    AvailabilityZone: task.availabilityZone,
    LaunchType: task.launchType,
    EphemeralStorageMetrics: { Utilized: 0, Reserved: (task.ephemeralStorageGiB ?? 20) * 1024 },
    Containers: task.containers.map((container) => containerMetadata(subject, container)),
  };
}

/** What `GET $ECS_CONTAINER_METADATA_URI_V4` tells: the container that asks. */
export function containerMetadata({ task, definition, arns }: MetadataSubject, container: ContainerRecord): unknown {
  const defined = definition.containerDefinitions.find(({ name }) => name === container.name);
  const logging = defined?.logConfiguration;
  const prefix = logging?.options?.['awslogs-stream-prefix'];
  return {
    DockerId: container.runtimeId,
    Name: container.name,
    DockerName: container.name,
    Image: container.image,
    ImageID: '',
    Labels: {
      'com.amazonaws.ecs.cluster': arns.cluster(task.cluster),
      'com.amazonaws.ecs.container-name': container.name,
      'com.amazonaws.ecs.task-arn': task.arn,
      'com.amazonaws.ecs.task-definition-family': task.family,
      'com.amazonaws.ecs.task-definition-version': String(task.revision),
    },
    DesiredStatus: task.desiredStatus,
    KnownStatus: container.lastStatus,
    ExitCode: container.exitCode,
    Limits: {
      CPU: Number(container.cpu) || 0,
      Memory: container.memory === undefined ? undefined : Number(container.memory),
    },
    CreatedAt: isoOf(task.pullStoppedAt),
    StartedAt: isoOf(task.startedAt),
    Type: 'NORMAL',
    ContainerARN: arns.container(task.cluster, task.id, container.id),
    LogDriver: logging?.logDriver,
    LogOptions:
      logging === undefined
        ? undefined
        : {
            ...logging.options,
            ...(prefix === undefined ? {} : { 'awslogs-stream': `${prefix}/${container.name}/${task.id}` }),
          },
    Networks: networksOf(task),
    Snapshotter: 'overlayfs',
    RestartCount: 0,
  };
}

function networksOf({ network }: TaskRecord): readonly unknown[] {
  if (!network) return [];
  return [
    {
      NetworkMode: 'awsvpc',
      IPv4Addresses: [network.privateIPv4Address],
      AttachmentIndex: 0,
      MACAddress: network.macAddress,
      IPv4SubnetCIDRBlock: '10.0.0.0/16',
      PrivateDNSName: network.privateDnsName,
      SubnetGatewayIpv4Address: '10.0.0.1/16',
    },
  ];
}

function isoOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
