import type { PriceOverride } from '../core/fargate-price.ts';
import type { Json, JsonMap } from '../core/json.ts';
import {
  type AttemptRecord,
  type FlowRun,
  type HistoryEntry,
  type RunStatus,
  type SimpleStatus,
  simpleStatusOf,
} from '../core/run.ts';
import { runCost } from '../core/run-cost.ts';
import type { Trigger } from '../core/run-request.ts';
import type { Reason } from '../core/verdict.ts';
import { waitReasonOf } from '../core/wait-reason-of.ts';
import { type CostView, costView } from './print-cost.ts';

/** A run as programs see it: stable words, times in ISO 8601; null where there is nothing (yet). */
export interface RunRecord {
  readonly runId: string;
  readonly flow: string;
  readonly flowVersion: string;
  readonly org: string;
  readonly environment: string | null;
  readonly status: RunStatus;
  readonly statusSimple: SimpleStatus;
  readonly attempt: number;
  readonly parameters: JsonMap;
  readonly labels: readonly string[];
  readonly priority: number;
  readonly correlationId: string | null;
  readonly trigger: Trigger;
  readonly requestedAt: string;
  readonly launchedAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly cluster: string | null;
  readonly taskArn: string | null;
  readonly taskDefinitionArn: string | null;
  readonly exitCode: number | null;
  /** What the flow returned, or `{s3Uri}` of where it is. */
  readonly output: Json;
  /** Why it ended as it did; of a queued run, what the last launch met. */
  readonly reason: Reason | null;
  /** About what its ended attempts have cost; null where none of them can be priced. */
  readonly cost: CostView | null;
  readonly attempts: readonly AttemptView[];
  readonly history: readonly HistoryView[];
}

export interface AttemptView {
  readonly attempt: number;
  readonly status: RunStatus;
  readonly taskArn: string | null;
  readonly taskDefinitionArn: string | null;
  readonly launchedAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string;
  readonly exitCode: number | null;
  readonly reason: Reason;
  readonly retriedAs: 'FAILED' | 'CRASHED' | null;
  /** What it did otherwise than files and request say: more memory, other capacity. */
  readonly adjusted: string | null;
  readonly observation: Json;
}

export type HistoryView = Omit<HistoryEntry, 'at'> & { readonly at: string };

/** The record of DESIGN 7.6, and what it has cost. */
export function runRecord(run: FlowRun, prices: PriceOverride = {}): RunRecord {
  const { request } = run;
  const { cluster, taskDefinition } = intentOf(run)?.request ?? {};
  return {
    runId: run.runId,
    flow: request.flow,
    flowVersion: flowVersionOf(run),
    org: request.org,
    environment: request.environment ?? null,
    status: run.status,
    statusSimple: simpleStatusOf(run.status),
    attempt: run.attempt,
    parameters: request.parameters,
    labels: request.labels,
    priority: request.priority,
    correlationId: request.correlationId ?? null,
    trigger: request.trigger,
    requestedAt: iso(run.requestedAt),
    ...timesOf(run),
    cluster: cluster ?? null,
    taskArn: taskArnOf(run) ?? null,
    taskDefinitionArn: taskDefinition ?? null,
    ...endOf(run),
    reason: reasonOf(run) ?? null,
    cost: costView(runCost(run, prices)),
    attempts: run.attempts.map(attemptView),
    history: run.history.map((entry) => ({ ...entry, at: iso(entry.at) })),
  };
}

/** The version that the run runs, or what its request says of it as long as nobody has looked for the flow. */
export function flowVersionOf(run: FlowRun): string {
  return intentOf(run)?.flowVersion ?? run.attempts.at(-1)?.flowVersion ?? run.request.flowVersion;
}

/** The task of the run's current or last attempt. */
export function taskArnOf(run: FlowRun): string | undefined {
  return 'task' in run ? run.task?.taskArn : undefined;
}

/** Why the run is where it is, if there is a why. */
export function reasonOf(run: FlowRun): Reason | undefined {
  return 'reason' in run ? run.reason : waitReasonOf(run);
}

function intentOf(run: FlowRun) {
  return run.status === 'QUEUED' ? undefined : run.intent;
}

function endOf(run: FlowRun): Pick<RunRecord, 'exitCode' | 'output'> {
  return {
    exitCode: ('exitCode' in run ? run.exitCode : undefined) ?? null,
    output: ('result' in run ? run.result?.output : undefined) ?? null,
  };
}

function timesOf(run: FlowRun): Pick<RunRecord, 'launchedAt' | 'startedAt' | 'finishedAt'> {
  return {
    launchedAt: isoOrNull('task' in run ? run.task?.launchedAt : undefined),
    startedAt: isoOrNull('startedAt' in run ? run.startedAt : undefined),
    finishedAt: isoOrNull('finishedAt' in run ? run.finishedAt : undefined),
  };
}

function attemptView(attempt: AttemptRecord): AttemptView {
  return {
    attempt: attempt.attempt,
    status: attempt.status,
    taskArn: attempt.taskArn ?? null,
    taskDefinitionArn: attempt.taskDefinition ?? null,
    launchedAt: isoOrNull(attempt.launchedAt),
    startedAt: isoOrNull(attempt.startedAt),
    finishedAt: iso(attempt.finishedAt),
    exitCode: attempt.exitCode ?? null,
    reason: attempt.reason,
    retriedAs: attempt.retriedAs ?? null,
    adjusted: attempt.adjusted ?? null,
    observation: attempt.observation ?? null,
  };
}

function isoOrNull(at: number | undefined): string | null {
  return at === undefined ? null : iso(at);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
