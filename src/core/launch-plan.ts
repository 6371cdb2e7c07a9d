import type { RegisterTaskDefinitionCommandInput, RunTaskCommandInput } from '@aws-sdk/client-ecs';

/**
 * The exact two ECS requests for one attempt, as a value: decided before any of it is said, stored before it is sent.
 * Equal inputs give equal plans.
 */
export interface LaunchPlan {
  readonly definition: PlannedDefinition;
  /** The RunTask request, complete but for `taskDefinition`, which is known once the definition is registered. */
  readonly runTask: PlannedRunTask;
  /** The container whose end is the task's end for us. */
  readonly container: string;
  /** Whether the container runs the Slipway worker: then only its final record makes a run SUCCEEDED. */
  readonly worker: boolean;
  /** A plain container whose output has messages of Dagster Pipes for the agent to find. */
  readonly pipes?: 'logs';
  /** Files that the task will read, to be in S3 before RunTask is sent; writing one twice is harmless. */
  readonly uploads: readonly PlannedUpload[];
}

export type PlannedDefinition =
  /** To be registered unless a definition with this content hash is already on record. */
  | {
      readonly kind: 'register';
      readonly family: string;
      /** Of our own canonical input, never of what AWS echoes. */
      readonly hash: string;
      readonly input: RegisterTaskDefinitionCommandInput;
    }
  /** Exists already, outside our care: an ARN or `family:revision`. */
  | { readonly kind: 'named'; readonly taskDefinition: string };

export interface PlannedRunTask extends Omit<RunTaskCommandInput, 'taskDefinition'> {
  readonly cluster: string;
  readonly clientToken: string;
  readonly startedBy: string;
}

export interface PlannedUpload {
  /** `s3://bucket/key` */
  readonly uri: string;
  readonly body: string;
  readonly contentType: string;
}
