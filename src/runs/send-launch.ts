import { nextFacts } from '../core/next-facts.ts';
import { notPlacedDelayMs } from '../core/not-placed-delay.ts';
import type { FlowRun, LaunchingRun } from '../core/run.ts';
import { startedByOf } from '../core/run-identity.ts';
import type { RunStore } from '../core/run-store.ts';
import type { LaunchOutcome, TaskHost, Unlaunched } from '../core/task-host.ts';
import { finishAttempt } from './finish-attempt.ts';
import { familyOf } from './task-family.ts';

export interface SendDeps {
  readonly store: RunStore;
  readonly host: TaskHost;
  readonly now: () => number;
  readonly random: () => number;
  /** The agent's name. */
  readonly by: string;
  /** Of this process of the agent. */
  readonly instance: string;
}

/**
 * Sends the frozen request of a claimed attempt and records what came of it. An unclear outcome leaves the run LAUNCHING:
 * its watcher sends the same request under the same token again.
 */
export async function sendLaunch(deps: SendDeps, run: LaunchingRun, stop: AbortSignal): Promise<FlowRun | undefined> {
  const outcome = await launchAndLookUp(deps, run, stop);
  return outcome.kind === 'launched' ? recordTask(deps, run, outcome.taskArn) : recordUnlaunched(deps, run, outcome);
}

async function recordUnlaunched(deps: SendDeps, run: LaunchingRun, outcome: Unlaunched): Promise<FlowRun | undefined> {
  const now = deps.now();
  switch (outcome.kind) {
    case 'refused': {
      const verdict = { status: 'FAILED', reason: outcome.reason, retry: 'never' } as const;
      const context = { now, by: deps.by, random: deps.random() };
      return deps.store.move(run, finishAttempt(run, verdict, undefined, context));
    }
    case 'not-placed':
      return deps.store.move(run, {
        ...nextFacts(run, 'QUEUED', now, deps.by, outcome.reason),
        status: 'QUEUED',
        notBefore: now + notPlacedDelayMs(outcome.reason.code, run.placement, deps.random()),
        // A failures-only answer may have used up the token; any other says that the request never counted.
        placement: run.placement + (outcome.failuresOnly ? 1 : 0),
        waiting: outcome.reason,
      });
    case 'unclear':
      return run;
    default:
      return outcome.kind satisfies never;
  }
}

/** LAUNCHING → STARTING: the attempt's task is known. */
export function recordTask(deps: SendDeps, run: LaunchingRun, taskArn: string): Promise<FlowRun | undefined> {
  const now = deps.now();
  return deps.store.move(run, {
    ...nextFacts(run, 'STARTING', now, deps.by),
    status: 'STARTING',
    intent: run.intent,
    task: { taskArn, launchedAt: now },
  });
}

/** The task that carries the attempt's name, if ECS shows one. */
export function findTask(
  { host }: Pick<SendDeps, 'host'>,
  run: LaunchingRun,
  stop: AbortSignal,
): Promise<string | undefined> {
  const { cluster, taskDefinition } = run.intent.request;
  return host.findTask(cluster, startedByOf(run), familyOf(taskDefinition), stop);
}

/** A task has been seen to start beside `failures[]`: such an answer counts only once no task is found. */
async function launchAndLookUp(deps: SendDeps, run: LaunchingRun, stop: AbortSignal): Promise<LaunchOutcome> {
  const outcome = await deps.host.launch(run.intent, stop);
  if (outcome.kind === 'launched' || !outcome.failuresOnly) return outcome;
  const taskArn = await findTask(deps, run, stop);
  return taskArn === undefined ? outcome : { kind: 'launched', taskArn };
}
