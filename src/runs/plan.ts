import type { Fault } from '../core/fault.ts';
import type { LaunchPlan } from '../core/launch-plan.ts';
import type { Result } from '../core/result.ts';
import type { QueuedRun } from '../core/run.ts';
import type { RunPolicy } from '../core/run-policy.ts';
import type { Slot } from '../core/slots.ts';

/** What is to be said to ECS for a run's attempt, and by which rules the attempt lives. */
export interface PlannedLaunch {
  readonly plan: LaunchPlan;
  /** The flow's own, where the request may have said `latest`. */
  readonly flowVersion?: string;
  readonly policy: RunPolicy;
  /** What the attempt does otherwise than files and request say, in words. */
  readonly adjusted?: string | undefined;
  /** What the claim has to take; none if left out. */
  readonly slots?: readonly Slot[];
  /** Milliseconds that the run may wait in the queue; no limit if left out. */
  readonly queueTimeoutMs?: number;
}

/** The run, with the wait that its flow allows as it does now. */
export function withQueueTimeout(run: QueuedRun, { queueTimeoutMs }: Pick<PlannedLaunch, 'queueTimeoutMs'>): QueuedRun {
  const { queueTimeoutMs: _known, ...rest } = run;
  return queueTimeoutMs === undefined ? rest : { ...rest, queueTimeoutMs };
}

export interface PlanProblem {
  readonly code: 'FLOW_NOT_FOUND' | 'INVALID_CONFIG' | 'INVALID_REQUEST';
  readonly faults: readonly Fault[];
}

/** Resolves and renders: `not-ours` when the run's labels want another agent. */
export type Planner = (run: QueuedRun) => Promise<Result<PlannedLaunch, PlanProblem> | 'not-ours'>;
