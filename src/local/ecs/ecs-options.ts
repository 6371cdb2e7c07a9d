import type { TaskAccess } from '../iam/task-access.ts';
import type { LogsSink } from '../logs/logs-sink.ts';
import type { SecretReader } from '../secretsmanager/secret-reader.ts';
import type { LocalClock } from '../service.ts';
import type { QueueSink } from '../sqs/queue-sink.ts';
import type { BucketLimits, BucketName } from './token-buckets.ts';

export interface EcsOptions {
  /** Where definitions, clusters, tasks and tokens are kept; undefined keeps them in memory only. */
  readonly stateDir: string | undefined;
  readonly clock: LocalClock;
  readonly region: string;
  readonly accountId: string;
  readonly logs: LogsSink;
  readonly queues: QueueSink;
  readonly secrets: SecretReader;
  /** What tasks' roles may do. */
  readonly access: TaskAccess;
  /** The URL of local AWS itself, which tasks get as `AWS_ENDPOINT_URL`. Asked when a task starts, not before. */
  readonly endpointUrl: () => string;
  /**
   * Images that are programs of this machine, by the last part of the repository without tag or digest:
   * `slipway-worker` also means `x/slipway-worker:1.2` and `123.dkr.ecr.eu-west-1.amazonaws.com/slipway-worker@sha256:…`.
   */
  readonly images: Readonly<Record<string, ImageProgram>>;
  readonly settings?: EcsSettings;
}

/** What stands for a container image. */
export interface ImageProgram {
  /** The image's ENTRYPOINT as an argv prefix; a definition's `entryPoint` replaces it. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The image's WORKDIR; the task's own temporary folder if left out. */
  readonly cwd?: string;
}

export interface EcsSettings {
  readonly delays?: Partial<EcsDelays>;
  /** Queue (URL, ARN or name) that gets a task state change event for every change of a task. */
  readonly eventsQueueUrl?: string;
  /** For so long after RunTask, DescribeTasks says MISSING and ListTasks leaves the task out. Default 0. */
  readonly missingWindowMs?: number;
  /** How long stopped tasks are still described. Default: one hour, as ECS promises at least. */
  readonly stoppedRetentionMs?: number;
  /** Rates of the API: none, those of AWS, or some of one's own (the others are then off). Default `off`. */
  readonly buckets?: 'off' | 'aws' | Readonly<Partial<Record<BucketName, BucketLimits>>>;
  /** Quota of Fargate vCPUs that run at once; none by default. */
  readonly maxVcpus?: number;
  /** Whether a task beyond the quota is told in `failures[]` (default) or as an exception: both have been seen. */
  readonly quotaAnswer?: 'failure' | 'exception';
  /** Whether an answer of nothing but failures uses up its `clientToken`. AWS does not say; default true, the harder. */
  readonly failuresUseToken?: boolean;
  /** Whether clusters have room for EC2 and EXTERNAL tasks. Default true. */
  readonly containerInstances?: boolean;
  /** Containers that run at once; tasks beyond wait in PENDING. Default 200. */
  readonly maxProcesses?: number;
  /** Containers that start at once; tasks beyond wait in PENDING. Default: two for each processor. */
  readonly maxStarting?: number;
}

/** How long a task stays in each state before it moves on; milliseconds. */
export interface EcsDelays {
  readonly provisioningMs: number;
  readonly pendingMs: number;
  readonly activatingMs: number;
  /** At least so long in STOPPING; the containers may need longer. */
  readonly stoppingMs: number;
  readonly deprovisioningMs: number;
  /** How long RegisterTaskDefinition takes, in which another one for the same family is refused. */
  readonly registeringMs: number;
}

export const DEFAULT_DELAYS: EcsDelays = {
  provisioningMs: 10,
  pendingMs: 10,
  activatingMs: 10,
  stoppingMs: 0,
  deprovisioningMs: 5,
  registeringMs: 0,
};
