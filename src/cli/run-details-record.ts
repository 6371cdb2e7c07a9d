import type { Json } from '../core/json.ts';
import { type FlowRun, isFinished } from '../core/run.ts';
import type { Heartbeat, RunReport, StepItems, StepProgress, StepRecord, StepStatus } from '../core/run-details.ts';

/** A step as programs see it: stable words, times in ISO 8601; null where there is nothing (yet). */
export interface StepView {
  readonly attempt: number;
  readonly step: string;
  readonly status: StepStatus;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly ms: number | null;
  readonly tries: number;
  readonly items: StepItems | null;
  readonly progress: StepProgress | null;
  readonly error: string | null;
  readonly cached: boolean;
}

/** A report as programs see it: the words of Dagster Pipes, as they were said. */
export interface ReportView {
  readonly attempt: number;
  readonly number: number;
  readonly at: string;
  readonly method: string;
  readonly params: Json;
  readonly step: string | null;
  readonly index: number | null;
}

/** The worker's last sign of life as programs see it. */
export function heartbeatView({ count, at }: Heartbeat): { readonly count: number; readonly at: string } {
  return { count, at: new Date(at).toISOString() };
}

/** Steps as they are now: one whose attempt has ended without a word of it does not run any more. */
export function currentSteps(run: FlowRun, steps: readonly StepRecord[]): readonly StepRecord[] {
  const isOver = (attempt: number) => attempt < run.attempt || isFinished(run) || run.status === 'QUEUED';
  return steps.map((step) => {
    const isOpen = step.status === 'RUNNING' || step.status === 'RETRYING';
    return isOpen && isOver(step.attempt) ? { ...step, status: 'INTERRUPTED' } : step;
  });
}

export function stepView(step: StepRecord): StepView {
  const { attempt, status, startedAt, finishedAt, tries, items, progress, error, cached = false } = step;
  return {
    attempt,
    step: step.step,
    status,
    startedAt: isoOrNull(startedAt),
    finishedAt: isoOrNull(finishedAt),
    ms: startedAt === undefined || finishedAt === undefined ? null : finishedAt - startedAt,
    tries,
    items: items ?? null,
    progress: progress ?? null,
    error: error ?? null,
    cached,
  };
}

export function reportView({ attempt, number, at, method, params, step, index }: RunReport): ReportView {
  return { attempt, number, at: new Date(at).toISOString(), method, params, step: step ?? null, index: index ?? null };
}

function isoOrNull(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
