import type { FailureCode } from './failure-codes.ts';
import type { Json } from './json.ts';
import type { PlannedRunTask } from './launch-plan.ts';
import type { RunPolicy } from './run-policy.ts';
import type { RunRequest } from './run-request.ts';
import type { RunTick } from './schedules/tick-values.ts';
import type { Slot } from './slots.ts';
import type { FinalStatus, Reason, Verdict } from './verdict.ts';

/** What every run knows about itself, whatever happened to it. Times are epoch milliseconds. */
export interface RunFacts {
  readonly runId: string;
  /** Grows by one with every write; a write that expects another version is refused. */
  readonly version: number;
  readonly request: RunRequest;
  /** Of the request as it came; the same id with another body is rejected. */
  readonly bodyHash: string;
  readonly requestedAt: number;
  /** The tick of a schedule that made the run: only a schedule's own run has one, whatever a request says of itself. */
  readonly tick?: RunTick;
  /** The labels that its agent has to have, the flow's included, as far as they were known when it was accepted. */
  readonly wants?: readonly string[];
  /** Counts tries at the run from 1. A crash of ours or a redelivery uses up none. */
  readonly attempt: number;
  /** Ended attempts, oldest first. */
  readonly attempts: readonly AttemptRecord[];
  /** The moves of the run, oldest first. */
  readonly history: readonly HistoryEntry[];
  /** Somebody wants the run to end; it does once no task of it runs. */
  readonly cancel?: CancelRequest;
}

/** On record, and to be launched by an agent that fits. */
export interface QueuedRun extends RunFacts {
  readonly status: 'QUEUED';
  /** Not to be launched before this moment. */
  readonly notBefore: number;
  /** Counts definite not-placed answers within the attempt: each makes another token; see `clientTokenOf`. */
  readonly placement: number;
  /** Why the last launch put it back, in ECS's words; or the limit that has no place for it. */
  readonly waiting?: Reason;
  /** The slots that its claim has to take, as far as an agent has found out. */
  readonly slots?: readonly Slot[];
  /** Milliseconds that its flow lets it wait, as far as an agent has found out; see `startLimitOf`. */
  readonly queueTimeoutMs?: number;
}

/** An agent has said that it will launch the attempt; its task may or may not exist yet. */
export interface LaunchingRun extends RunFacts {
  readonly status: 'LAUNCHING';
  readonly placement: number;
  readonly lease: Lease;
  readonly intent: Intent;
  /** ECS has answered the launch without a task. */
  readonly unplaced?: Unplaced;
}

/**
 * ECS says that it has placed no task. It has been seen to start one all the same, so until its next placement the attempt
 * stays open: its worker may claim it, and what a look-up finds is taken for its task.
 */
export interface Unplaced {
  readonly reason: Reason;
  /** When a last look-up may decide that there is no task, and the next placement follows. */
  readonly until: number;
}

/** ECS has accepted the task; our code has not begun. */
export interface StartingRun extends RunFacts {
  readonly status: 'STARTING';
  readonly intent: Intent;
  readonly task: TaskFacts;
  /** We have decided to stop the task: the verdict, once it has stopped. */
  readonly stopping?: Verdict;
}

/** The worker has claimed the attempt; for a plain container, ECS says RUNNING. */
export interface RunningRun extends RunFacts {
  readonly status: 'RUNNING';
  readonly intent: Intent;
  readonly task: TaskFacts;
  readonly startedAt: number;
  /** Worker flows: the one task that may run user code for this attempt. */
  readonly claim?: StartClaim;
  /** Worker flows: what the worker said at its end. */
  readonly result?: WorkerResult;
  /** We have decided to stop the task: the verdict, once it has stopped. */
  readonly stopping?: Verdict;
}

/** Nothing will change any more. */
export interface FinishedRun extends RunFacts {
  readonly status: FinalStatus;
  readonly finishedAt: number;
  readonly reason: Reason;
  /** Of the last attempt, if it got so far. */
  readonly intent?: Intent;
  readonly task?: TaskFacts;
  readonly startedAt?: number;
  readonly exitCode?: number;
  readonly result?: WorkerResult;
}

export type FlowRun = QueuedRun | LaunchingRun | StartingRun | RunningRun | FinishedRun;
export type InFlightRun = LaunchingRun | StartingRun | RunningRun;
export type RunStatus = FlowRun['status'];

/** What is about to be said to ECS, durable before it is said. */
export interface Intent {
  /** The version that the request means, `latest` made definite. */
  readonly flowVersion?: string;
  /** The whole RunTask request, token and revision included; every repeat sends exactly this. */
  readonly request: PlannedRunTask & { readonly taskDefinition: string };
  /** Hash of the definition's content; absent where an existing definition was named. */
  readonly definitionHash?: string;
  readonly container: string;
  readonly worker: boolean;
  readonly policy: RunPolicy;
  /** What this attempt does otherwise than files and request say, after those before it: `profile xlarge`. */
  readonly adjusted?: string;
  /** Taken by the claim, given back by the move out of flight. */
  readonly slots?: readonly Slot[];
  /** The messages of Dagster Pipes in its output are to be taken from there. */
  readonly pipes?: 'logs';
  /** The container's variables that ECS fills with secrets: the worker keeps their values out of what it records. */
  readonly secretNames?: readonly string[];
  readonly createdAt: number;
}

/** Whether user code has begun in any ended attempt, as far as our worker or ECS has said so. */
export function hasBegun({ attempts }: RunFacts): boolean {
  return attempts.some(({ startedAt }) => startedAt !== undefined);
}

export interface Lease {
  /** The agent's name. */
  readonly owner: string;
  /** Of the agent's process: a restarted agent does not take its predecessor's word for its own. */
  readonly instance: string;
  /** Grows with each take-over. */
  readonly epoch: number;
  readonly until: number;
}

/** The task of the current attempt, and when it was last seen. */
export interface TaskFacts {
  readonly taskArn: string;
  readonly launchedAt: number;
  /** ECS's own counter of the task's changes (DescribeTasks `version`, event `detail.version`). */
  readonly ecsVersion?: number;
  readonly lastStatus?: string;
  readonly lastSeenAt?: number;
}

export interface StartClaim {
  readonly taskArn: string;
  readonly at: number;
}

export interface WorkerResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  readonly exitCode: number;
  /** Why it failed, in the flow's own words. */
  readonly message?: string;
  readonly traceback?: Traceback;
  /** What the flow returned. */
  readonly output?: Json;
  readonly at: number;
}

/** Where in the flow it failed. */
export interface Traceback {
  /** Its first lines. */
  readonly head: string;
  /** The whole of it, if there is a bucket for it. */
  readonly s3Uri?: string;
}

export interface CancelRequest {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

/** How an attempt ended. */
export interface AttemptRecord {
  readonly flowVersion?: string;
  readonly attempt: number;
  /** What the run would have ended as without another attempt. */
  readonly status: FinalStatus;
  readonly taskArn?: string;
  readonly taskDefinition?: string;
  /** The container that decided. */
  readonly container?: string;
  /** What it did otherwise than files and request say. */
  readonly adjusted?: string;
  readonly launchedAt?: number;
  readonly startedAt?: number;
  readonly finishedAt: number;
  readonly exitCode?: number;
  readonly reason: Reason;
  /** Whose retry budget the next attempt drew on; absent for the last attempt. */
  readonly retriedAs?: 'FAILED' | 'CRASHED';
  /** The whole last word of ECS on the task: it forgets a stopped task after an hour. */
  readonly observation?: Json;
}

export interface HistoryEntry {
  readonly status: RunStatus;
  readonly attempt: number;
  readonly at: number;
  /** The agent, worker or person that made the move. */
  readonly by: string;
  /** For a move back to QUEUED or to an end: why. */
  readonly code?: FailureCode;
  /** For a launch: what it does otherwise than files and request say. */
  readonly note?: string;
}

/** The legal moves. A run also stays in its status when something more becomes known of it. */
const NEXT = {
  QUEUED: ['LAUNCHING', 'FAILED', 'CANCELLED', 'EXPIRED'],
  LAUNCHING: ['LAUNCHING', 'STARTING', 'RUNNING', 'QUEUED', 'FAILED', 'CRASHED', 'CANCELLED'],
  STARTING: ['STARTING', 'RUNNING', 'QUEUED', 'SUCCEEDED', 'FAILED', 'CRASHED', 'CANCELLED'],
  RUNNING: ['RUNNING', 'QUEUED', 'SUCCEEDED', 'FAILED', 'CRASHED', 'CANCELLED'],
  SUCCEEDED: [],
  FAILED: [],
  CRASHED: [],
  CANCELLED: [],
  EXPIRED: [],
} as const satisfies Record<RunStatus, readonly RunStatus[]>;

const RANK = {
  QUEUED: 10,
  LAUNCHING: 20,
  STARTING: 30,
  RUNNING: 40,
  SUCCEEDED: 100,
  FAILED: 100,
  CRASHED: 100,
  CANCELLED: 100,
  EXPIRED: 100,
} as const satisfies Record<RunStatus, number>;

export const RUN_STATUSES = Object.keys(NEXT).filter(isRunStatus);

export function isRunStatus(text: string): text is RunStatus {
  return Object.hasOwn(NEXT, text);
}

/** The order of statuses within an attempt. */
export function rankOf(status: RunStatus): number {
  return RANK[status];
}

export function canMove(from: RunStatus, to: RunStatus): boolean {
  const allowed: readonly RunStatus[] = NEXT[from];
  return allowed.includes(to);
}

export function isFinished(run: FlowRun): run is FinishedRun {
  return NEXT[run.status].length === 0;
}

export function isInFlight(run: FlowRun): run is InFlightRun {
  return run.status === 'LAUNCHING' || run.status === 'STARTING' || run.status === 'RUNNING';
}

export type SimpleStatus = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

const SIMPLE = {
  QUEUED: 'QUEUED',
  LAUNCHING: 'QUEUED',
  STARTING: 'QUEUED',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CRASHED: 'FAILED',
  CANCELLED: 'CANCELLED',
  EXPIRED: 'FAILED',
} as const satisfies Record<RunStatus, SimpleStatus>;

/** For clients that know five states only. */
export function simpleStatusOf(status: RunStatus): SimpleStatus {
  return SIMPLE[status];
}
