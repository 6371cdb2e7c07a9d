import type { LaunchPlan } from './launch-plan.ts';
import type { TaskObservation } from './observation.ts';
import type { Result } from './result.ts';
import type { Intent } from './run.ts';
import type { Reason } from './verdict.ts';

/** What became of a RunTask request. */
export type LaunchOutcome = { readonly kind: 'launched'; readonly taskArn: string } | Unlaunched;

/**
 * - `refused`: nothing was started, and the same plan can only be refused again
 * - `not-placed`: nothing was started as far as the answer tells; the same plan may work later
 * - `unclear`: a task may or may not exist; only the same request with the same token may be sent again
 */
export interface Unlaunched {
  readonly kind: 'refused' | 'not-placed' | 'unclear';
  readonly reason: Reason;
  /** A task may have started all the same: beside `failures[]`, or by an earlier try. The answer counts once none is found. */
  readonly needsLookUp: boolean;
}

export type Registration = Extract<LaunchPlan['definition'], { kind: 'register' }>;

/** Where tasks run: ECS. */
export interface TaskHost {
  /** Makes a revision of this content: the ARN, or an outcome that is not `launched`. Every call makes another one. */
  register(definition: Registration, stop: AbortSignal): Promise<Result<string, Unlaunched>>;
  /** Sends exactly the intent's request. Repeating it within its token's life answers with the first call's task. */
  launch(intent: Intent, stop: AbortSignal): Promise<LaunchOutcome>;
  /** Looks for a task by its `startedBy`, stopped ones included as far as ECS still lists them. */
  findTask(cluster: string, startedBy: string, family: string, stop: AbortSignal): Promise<string | undefined>;
  /** One observation for each task; `taskArns` may be any number of one cluster. Rejects when ECS cannot be asked. */
  observe(
    cluster: string,
    taskArns: readonly string[],
    stop: AbortSignal,
  ): Promise<ReadonlyMap<string, TaskObservation>>;
  /** Every task of the cluster that is to run, a page at a time. */
  runningTasks(cluster: string, stop: AbortSignal): AsyncIterable<readonly ListedTask[]>;
  /** Asks for the task's end; one that is gone already is no error. */
  stopTask(cluster: string, taskArn: string, reason: string, stop: AbortSignal): Promise<void>;
}

/** A task among those of a cluster. */
export interface ListedTask {
  readonly taskArn: string;
  readonly startedBy?: string;
  /** The table of runs that the task was given (`SLIPWAY_TABLE`): two of ours may share a cluster. */
  readonly table?: string;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
}
