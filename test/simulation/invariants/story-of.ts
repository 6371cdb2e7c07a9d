import type { FlowRun } from '../../../src/core/run.ts';
import { queuedRun, runFacts } from '../../fakes/runs.ts';
import { quiet } from '../directed-scenarios.ts';
import { BEGINNING } from '../event-queue.ts';
import { type Facts, factsOf } from '../facts.ts';
import type { Happening, SimEvent } from '../history.ts';

const ARN = 'arn:aws:ecs:us-east-1:123456789012:task/main/';

/** The facts of a history made by hand: one happening a minute, each by the `by` given with it or by `agent-1`. */
export function factsFrom(happenings: readonly (Happening & { by?: string; atMin?: number })[]): Facts {
  const events: SimEvent[] = happenings.map(({ by = 'agent-1', atMin, ...happening }, index) => ({
    ...happening,
    by,
    at: BEGINNING + (atMin ?? index) * 60_000,
  }));
  const rest = { convergedAt: undefined, messagesLeft: 0, tasksLeft: [], fired: [], calls: new Map() };
  return factsOf({ scenario: quiet(), events, ...rest });
}

export function taskArn(number: number): string {
  return `${ARN}${String(number).padStart(6, '0')}`;
}

export function put(run: FlowRun): Happening {
  return { kind: 'put', run };
}

export function queued(over: Parameters<typeof queuedRun>[0] = {}): FlowRun {
  return queuedRun(over);
}

/** LAUNCHING with this token. */
export function launching(token: string, over: Partial<Extract<FlowRun, { status: 'LAUNCHING' }>> = {}): FlowRun {
  return { ...runFacts(), ...LAUNCH, intent: intentOf(token), ...over };
}

export function running(
  task: number,
  over: Partial<Extract<FlowRun, { status: 'RUNNING' }>> = {},
): Extract<FlowRun, { status: 'RUNNING' }> {
  const arn = taskArn(task);
  return {
    ...runFacts(),
    status: 'RUNNING',
    intent: intentOf('token'),
    task: { taskArn: arn, launchedAt: BEGINNING },
    startedAt: BEGINNING,
    claim: { taskArn: arn, at: BEGINNING },
    ...over,
  };
}

export function finished(
  status: 'SUCCEEDED' | 'FAILED' | 'CRASHED' | 'CANCELLED',
  over: Partial<Extract<FlowRun, { finishedAt: number }>> = {},
): FlowRun {
  return { ...runFacts(), status, finishedAt: BEGINNING, reason: { code: 'EXIT_CODE', message: '' }, ...over };
}

export function made(task: number, over: Partial<Extract<Happening, { kind: 'task-made' }>> = {}): Happening {
  const launch = { startedBy: 'slipway/run-1/1', token: `token-${task}`, travelledMs: 10, besideFailure: false };
  return { kind: 'task-made', taskArn: taskArn(task), shownAt: BEGINNING, ...launch, ...over };
}

export function begins(task: number, over: Partial<Extract<Happening, { kind: 'exec-begin' }>> = {}): Happening {
  return { kind: 'exec-begin', taskArn: taskArn(task), startedBy: 'slipway/run-1/1', isWorker: true, ...over };
}

export function ends(task: number, isOk = true): Happening {
  return { kind: 'exec-end', taskArn: taskArn(task), startedBy: 'slipway/run-1/1', isWorker: true, isOk };
}

export function exits(task: number, exitCode: number): Happening {
  return { kind: 'exited', taskArn: taskArn(task), exitCode };
}

export function stopped(task: number, over: Partial<Extract<Happening, { kind: 'task-stopped' }>> = {}): Happening {
  const stop = { stopCode: 'EssentialContainerExited', reason: '', exitCode: 0 };
  return { kind: 'task-stopped', taskArn: taskArn(task), startedBy: 'slipway/run-1/1', ...stop, ...over };
}

export function sent(over: Partial<Extract<Happening, { kind: 'sent' }>> = {}): Happening {
  const ids = { messageId: 'message-1', runId: 'run-1', rejectedId: 'rejected-1' };
  return { kind: 'sent', ...ids, body: '{}', bodyHash: 'hash', ...over };
}

export function intentOf(token: string) {
  return {
    request: { cluster: 'main', clientToken: token, startedBy: 'slipway/run-1/1', taskDefinition: 'flow:1' },
    container: 'flow',
    worker: true,
    policy: POLICY,
    createdAt: BEGINNING,
  };
}

const RULE = { max: 1, delayMs: 0, backoff: 1, maxDelayMs: 0 };
const POLICY = { retries: { FAILED: RULE, CRASHED: RULE }, startTimeoutMs: 900_000 };
const LEASE = { owner: 'agent-1', instance: 'instance-1', epoch: 1, until: 0 };
const LAUNCH = { status: 'LAUNCHING', placement: 0, lease: LEASE } as const;
