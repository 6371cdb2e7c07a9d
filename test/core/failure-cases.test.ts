import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CallError, classifyAnswer, classifyError, type LaunchAnswer } from '../../src/core/classify-launch.ts';
import { decide } from '../../src/core/decide.ts';
import { budgetOf } from '../../src/core/decide-retry.ts';
import type { ObservedContainer, TaskObservation } from '../../src/core/observation.ts';
import type { RunningRun, StartingRun, WorkerResult } from '../../src/core/run.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { runFacts } from '../fakes/runs.ts';

interface LaunchCase {
  readonly id: string;
  readonly kind: 'launch';
  readonly input: { readonly response?: LaunchAnswer; readonly error?: CallError };
  readonly expect: { readonly class: string; readonly taskArn?: string; readonly evidenceIncludes?: string[] };
}

interface StopCase {
  readonly id: string;
  readonly kind: 'stop';
  readonly input: {
    readonly run: {
      container: string;
      worker: boolean;
      cancelRequested: boolean;
      result: { status: WorkerResult['status'] } | null;
    };
    readonly task?: { lastStatus: string; stopCode?: string; stoppedReason?: string; containers: ObservedContainer[] };
    readonly failures?: readonly { reason: string }[];
    readonly secondsSinceLaunch?: number;
    readonly secondsSinceLastSeen?: number | null;
  };
  readonly expect: {
    readonly status?: string | null;
    readonly statusAnyOf?: readonly string[];
    readonly retryable?: boolean;
    readonly code?: string;
    readonly evidenceIncludes?: string[];
  };
}

const { cases }: { cases: (LaunchCase | StopCase)[] } = JSON.parse(
  readFileSync(new URL('../golden/failure-cases.json', import.meta.url), 'utf8'),
);

const NOW = 1_800_000_000_000;
const TASK_ARN = 'arn:aws:ecs:us-east-1:123456789012:task/main/0123456789abcdef0123456789abcdef';

describe('the outcome of RunTask is what other launchers and AWS say it is', () => {
  it.each(cases.filter((one) => one.kind === 'launch'))('$id', ({ input, expect: wanted }) => {
    const outcome = input.error ? classifyError(input.error) : classifyAnswer(input.response ?? {});
    expect(outcome.kind).toBe(wanted.class);
    if (outcome.kind === 'launched') expect(outcome.taskArn).toBe(wanted.taskArn);
    else for (const text of wanted.evidenceIncludes ?? []) expect(outcome.reason.evidence).toContain(text);
  });
});

describe('an error to the last of several tries', () => {
  it.each([
    ['InvalidParameterException', 'Rate exceeded'],
    ['AccessDeniedException', 'not authorized to perform ecs:RunTask'],
    ['ClientException', 'TaskDefinition is inactive'],
  ])('says nothing of the earlier ones: %s is unclear', (name, message) => {
    const outcome = classifyError({ name, message, httpStatusCode: 400, attempts: 2 });
    expect(outcome).toMatchObject({ kind: 'unclear', needsLookUp: true, reason: { evidence: `${name}: ${message}` } });
  });
});

describe('the end of a task means what other launchers and AWS say it means', () => {
  const observable = cases.filter((one): one is StopCase => one.kind === 'stop' && !('error' in one.input));
  it.each(observable)('$id', ({ input, expect: wanted }) => {
    const decision = decide(runOf(input), observationOf(input), NOW);
    if (wanted.status === null) expect(decision.kind).not.toBe('settle');
    else if (decision.kind === 'settle') expectVerdict(decision.verdict, wanted);
    else throw new Error(`no verdict but ${decision.kind}`);
  });
});

function expectVerdict(verdict: Verdict, wanted: StopCase['expect']): void {
  expect(wanted.statusAnyOf ?? [wanted.status]).toContain(verdict.status);
  if (wanted.retryable === true) expect(budgetOf(verdict, DEFAULT_POLICY)).toBe('CRASHED');
  if (wanted.retryable === false) expect(budgetOf(verdict, DEFAULT_POLICY)).toBeUndefined();
  if (wanted.code !== undefined) expect(verdict.reason.code).toBe(wanted.code);
  for (const text of wanted.evidenceIncludes ?? []) expect(verdict.reason.evidence).toContain(text);
}

function observationOf({ task }: StopCase['input']): TaskObservation {
  if (task === undefined) return { kind: 'missing' };
  return { kind: task.lastStatus === 'STOPPED' ? 'stopped' : 'active', task: { taskArn: TASK_ARN, ...task } };
}

function runOf({ run, secondsSinceLaunch, secondsSinceLastSeen }: StopCase['input']): StartingRun | RunningRun {
  const facts = {
    ...runFacts({ runId: 'r1' }),
    ...(run.cancelRequested ? { cancel: { by: 'ann', reason: 'wrong date', at: NOW } } : {}),
    intent: {
      request: { cluster: 'main', clientToken: 't', startedBy: 'slipway/r1/1', taskDefinition: 'etl:7' },
      container: run.container,
      worker: run.worker,
      policy: DEFAULT_POLICY,
      createdAt: NOW - 60_000,
    },
    task: {
      taskArn: TASK_ARN,
      launchedAt: NOW - (secondsSinceLaunch ?? 60) * 1000,
      ...(secondsSinceLastSeen == null ? {} : { lastSeenAt: NOW - secondsSinceLastSeen * 1000 }),
    },
  };
  if (!run.result) return { ...facts, status: 'STARTING' };
  const result = { status: run.result.status, exitCode: run.result.status === 'SUCCEEDED' ? 0 : 1, at: NOW };
  return {
    ...facts,
    status: 'RUNNING',
    startedAt: NOW - 30_000,
    claim: { taskArn: TASK_ARN, at: NOW - 30_000 },
    result,
  };
}
