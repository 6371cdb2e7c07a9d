import type { TaskBehaviour } from './services/task-behaviour.ts';

/** Everything that a simulated world is made of: plain data, so that it can be printed, shrunk and written by hand. */
export interface Scenario {
  readonly seed: number;
  /** Milliseconds from the beginning; from here on nothing goes wrong, and everything must come to its end. */
  readonly faultsEndMs: number;
  /** How often agents look where nobody tells them. */
  readonly pace: 'brisk' | 'slow';
  /** Whether ECS's events reach the agents, as far as they are not lost. */
  readonly hasEvents: boolean;
  readonly agents: readonly AgentPlan[];
  readonly runs: readonly RunPlan[];
  readonly disturbances: readonly Disturbance[];
  readonly outages: readonly Outage[];
  /** Chance of each kind of fault for each try of a call. */
  readonly faultRates: Partial<Record<FaultKind, number>>;
  /** Faults at chosen calls, on top of those by chance. */
  readonly faults: readonly PlannedFault[];
  readonly habits: ServiceHabits;
}

export interface AgentPlan {
  /** Of its process here: `agent-1` … */
  readonly name: string;
  /** Its configured name: agents of one configuration share it. */
  readonly configuredName: string;
  readonly skewMs: number;
  readonly concurrentRuns: number;
  readonly labels: readonly string[];
}

export interface RunPlan {
  /** Goes into the body as `runId`, or makes an idempotency key or nothing, as `identity` says. */
  readonly id: string;
  readonly atMs: number;
  readonly flow: string;
  readonly identity: 'runId' | 'idempotencyKey' | 'message';
  /** The producer sends the same body so often. */
  readonly copies: number;
  /** Sent instead of a proper request: a body that no run can come from. */
  readonly badBody?: string;
  /** The same id with another body, later. */
  readonly impostor?: boolean;
  /** With parameters that a record cannot hold. */
  readonly isLarge?: boolean;
  readonly labels?: readonly string[];
  readonly notBeforeMs?: number;
  readonly expiresMs?: number;
  readonly cancelAtMs?: number;
  /** How its tasks behave, where that is not left to chance. */
  readonly task?: Partial<TaskBehaviour>;
}

export type Disturbance = { readonly atMs: number } & (
  | { readonly kind: 'kill'; readonly agent: string; readonly backAfterMs: number }
  | { readonly kind: 'terminate'; readonly agent: string; readonly backAfterMs: number }
  | { readonly kind: 'pause'; readonly agent: string; readonly forMs: number }
  | { readonly kind: 'skew'; readonly agent: string; readonly skewMs: number }
  /** Somebody changes the templates: the next plan of a flow has another definition. */
  | { readonly kind: 'redeploy' }
  /** Somebody stops a task by hand. */
  | { readonly kind: 'stop-task'; readonly run: string }
);

export type ServiceName = 'sqs' | 'dynamodb' | 'ecs' | 's3';

export interface Outage {
  readonly service: ServiceName;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly style: 'refuses' | 'silent' | 'answers-lost' | 'errors';
  /** Only this process is cut off. */
  readonly of?: string;
}

export type FaultKind =
  | 'lost-request'
  | 'lost-answer'
  /** The service carries it out minutes after the caller has given up. */
  | 'late'
  | 'throttled'
  /** A throttle in the words of another error, which the SDK does not repeat. */
  | 'wrapped-throttle'
  | 'unavailable'
  /** A 500 for a request that was carried out. */
  | 'failed-after'
  /** Carried out, and answered with half a document. */
  | 'truncated'
  | 'reset'
  | 'slow'
  | 'denied'
  /** The caller dies before its request leaves, before the answer comes, or with the answer in hand. */
  | 'dies-before'
  | 'dies-after-send'
  | 'dies-after-answer';

export interface PlannedFault {
  /** The name of the process: `agent-1`, `worker run-1/1`, `operator`. */
  readonly process: string;
  /** `ecs.RunTask`, `dynamodb.Put` … */
  readonly call: string;
  /** Counts the tries of this call by this process from 1, restarts included. */
  readonly nth: number;
  readonly kind: FaultKind;
  /** For `late`. */
  readonly lateMs?: number;
  /** For a death: how long the agent is away; by chance if left out. */
  readonly awayMs?: number;
}

/** What AWS's services do by themselves, each as a chance unless it says otherwise. */
export interface ServiceHabits {
  readonly startFailure: number;
  readonly spot: number;
  readonly hostLost: number;
  readonly workerKilled: number;
  readonly stuckProvisioning: number;
  readonly flowFails: number;
  readonly noCapacity: number;
  /** Of the answers without capacity: a task starts all the same. */
  readonly startsBesideFailure: number;
  readonly failuresUseUpToken: boolean;
  /** A task can be described and listed only so long after its launch, at most. */
  readonly invisibleMs: number;
  readonly staleDescribe: number;
  readonly indexLag: number;
  readonly unprocessedKeys: number;
  readonly duplicateDelivery: number;
  readonly deleteFails: number;
  readonly lostEvents: number;
  /** Bodies on the events queue that are no events. */
  readonly poisonEvents: number;
}

export const QUIET: ServiceHabits = {
  startFailure: 0,
  spot: 0,
  hostLost: 0,
  workerKilled: 0,
  stuckProvisioning: 0,
  flowFails: 0,
  noCapacity: 0,
  startsBesideFailure: 0,
  failuresUseUpToken: false,
  invisibleMs: 0,
  staleDescribe: 0,
  indexLag: 0,
  unprocessedKeys: 0,
  duplicateDelivery: 0,
  deleteFails: 0,
  lostEvents: 0,
  poisonEvents: 0,
};
