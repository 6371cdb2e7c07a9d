import type { TaskDefinition } from '../definitions/definition-shape.ts';
import type { TaskOverride } from '../launch/run-task-shape.ts';
import type { Tag } from '../tags/tag-shape.ts';

/** `lastStatus` in the order of a task's life (Amazon ECS Developer Guide, `task-lifecycle-explanation`). */
export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

/** API `TaskStopCode`. */
export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'ServiceSchedulerInitiated'
  | 'SpotInterruption'
  | 'TerminationNotice'
  | 'InfrastructureHealth';

/** What tells a process from a later one with the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** When it began, in the words of the operating system; undefined when it cannot be told. */
  readonly startedAt: string | undefined;
}

export interface ContainerRecord {
  readonly name: string;
  /** The last part of its ARN. */
  readonly id: string;
  /** Also its name at the metadata endpoint, so no two containers ever share one. */
  readonly runtimeId: string;
  readonly lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  /** Absent for containers that are injected into a task. */
  readonly image?: string | undefined;
  readonly cpu: string;
  readonly memory?: string | undefined;
  readonly memoryReservation?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly reason?: string | undefined;
  readonly process?: ProcessMark | undefined;
}

export interface NetworkInterface {
  readonly attachmentId: string;
  readonly subnetId: string;
  readonly networkInterfaceId: string;
  readonly macAddress: string;
  readonly privateDnsName: string;
  readonly privateIPv4Address: string;
}

/** Times are epoch milliseconds. */
export interface TaskRecord {
  readonly arn: string;
  readonly id: string;
  readonly cluster: string;
  readonly family: string;
  readonly revision: number;
  readonly group: string;
  readonly startedBy?: string | undefined;
  readonly launchType: string;
  readonly capacityProviderName?: string | undefined;
  readonly platformVersion?: string | undefined;
  readonly availabilityZone: string;
  readonly overrides: TaskOverride;
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
  readonly ephemeralStorageGiB?: number | undefined;
  readonly enableExecuteCommand: boolean;
  readonly tags: readonly Tag[];
  readonly network?: NetworkInterface | undefined;
  /** The `clientToken` that started it, if any. */
  readonly tokenKey?: string | undefined;
  /** No longer told to anyone, though its life goes on. */
  readonly forgotten?: boolean;

  readonly lastStatus: TaskStatus;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly version: number;
  readonly containers: readonly ContainerRecord[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly connectivityAt?: number;
  readonly pullStartedAt?: number;
  readonly pullStoppedAt?: number;
  readonly startedAt?: number;
  readonly stoppingAt?: number;
  readonly executionStoppedAt?: number;
  readonly stoppedAt?: number;
  readonly stopCode?: StopCode;
  readonly stoppedReason?: string;
}

/** What may change in a task's life. */
export type TaskChange = Partial<
  Pick<
    TaskRecord,
    | 'lastStatus'
    | 'desiredStatus'
    | 'version'
    | 'containers'
    | 'tags'
    | 'forgotten'
    | 'updatedAt'
    | 'connectivityAt'
    | 'pullStartedAt'
    | 'pullStoppedAt'
    | 'startedAt'
    | 'stoppingAt'
    | 'executionStoppedAt'
    | 'stoppedAt'
    | 'stopCode'
    | 'stoppedReason'
  >
>;

export interface DefinitionRecord {
  readonly family: string;
  readonly revision: number;
  readonly status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  readonly definition: TaskDefinition;
  readonly compatibilities: readonly string[];
  readonly tags: readonly Tag[];
  readonly registeredAt: number;
  readonly deregisteredAt?: number;
  readonly deleteRequestedAt?: number;
}

export interface StrategyItem {
  readonly capacityProvider: string;
  readonly weight: number;
  readonly base: number;
}

export interface ClusterRecord {
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly capacityProviders: readonly string[];
  readonly defaultStrategy: readonly StrategyItem[];
  readonly settings: readonly unknown[];
  readonly configuration?: unknown;
  readonly tags: readonly Tag[];
}

/** An entry of `failures[]`. */
export interface Failure {
  readonly arn?: string;
  readonly reason?: string;
  readonly detail?: string;
}

/** What a `clientToken` has brought about. */
export interface TokenRecord {
  /** The token within its cluster. */
  readonly key: string;
  /** Digest of the request, the resolved task definition included. */
  readonly fingerprint: string;
  readonly createdAt: number;
  readonly taskArns: readonly string[];
  readonly failures: readonly Failure[];
  /** Tasks of the call that have not stopped yet. */
  readonly unfinished: number;
  /** When the last of its tasks so far stopped. */
  readonly lastStoppedAt?: number;
}
