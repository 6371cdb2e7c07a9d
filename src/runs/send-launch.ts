import { nextFacts } from '../core/next-facts.ts';
import { notPlacedDelayMs } from '../core/not-placed-delay.ts';
import type { FlowRun, LaunchingRun, QueuedRun, StartingRun } from '../core/run.ts';
import { startedByOf } from '../core/run-identity.ts';
import type { RunStore } from '../core/run-store.ts';
import { slotsToTake } from '../core/slots.ts';
import type { LaunchOutcome, TaskHost, Unlaunched } from '../core/task-host.ts';
import type { DefinitionRegistry } from './definition-registry.ts';
import { finishAttempt } from './finish-attempt.ts';
import { familyOf } from './task-family.ts';

export interface SendDeps {
  readonly store: RunStore;
  readonly host: TaskHost;
  readonly definitions: Pick<DefinitionRegistry, 'forget'>;
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
  if (outcome.kind === 'unclear') return run;
  const { definitionHash } = run.intent;
  if (definitionHash !== undefined && isInactiveDefinition(outcome)) {
    // Somebody has deregistered our revision: its content is registered again for the same attempt.
    await deps.definitions.forget(definitionHash);
    return deps.store.move(run, requeued(deps, run, outcome, now));
  }
  if (outcome.kind === 'not-placed') {
    const delayMs = notPlacedDelayMs(outcome.reason.code, run.placement, deps.random());
    return deps.store.move(run, requeued(deps, run, outcome, now + delayMs));
  }
  const verdict = { status: 'FAILED', reason: outcome.reason, retry: 'never' } as const;
  return deps.store.move(run, finishAttempt(run, verdict, undefined, { now, by: deps.by, random: deps.random() }));
}

/** ECS's words for a revision that was deregistered (API RunTask: ClientException). */
function isInactiveDefinition({ kind, reason }: Unlaunched): boolean {
  return kind === 'refused' && /task ?definition is inactive/i.test(reason.evidence ?? '');
}

function requeued({ now, by }: SendDeps, run: LaunchingRun, outcome: Unlaunched, notBefore: number): QueuedRun {
  return {
    ...nextFacts(run, 'QUEUED', now(), by, outcome.reason),
    status: 'QUEUED',
    notBefore,
    // A looked-up answer may have used up the token, and a refused one must not go out with another request.
    placement: run.placement + (outcome.needsLookUp || outcome.kind === 'refused' ? 1 : 0),
    waiting: outcome.reason,
    ...slotsToTake(run),
  };
}

/**
 * LAUNCHING → STARTING: the attempt's task is known. Somebody may have written meanwhile (a cancel, another agent's lease):
 * as long as the record is of the same launch, the ARN is true of it and must not be lost.
 */
export async function recordTask(deps: SendDeps, run: LaunchingRun, taskArn: string): Promise<FlowRun | undefined> {
  let current: FlowRun | undefined = run;
  for (let tries = 0; tries < MAX_TRIES && current?.status === 'LAUNCHING'; tries += 1) {
    if (current.intent.request.clientToken !== run.intent.request.clientToken) return undefined;
    const recorded: FlowRun | undefined = await deps.store.move(current, startingRun(deps, current, taskArn));
    if (recorded) return recorded;
    current = await deps.store.get(run.runId);
  }
  return undefined;
}

/** So often is an ARN written again when somebody else changes the run at the same moment. */
const MAX_TRIES = 5;

function startingRun({ now, by }: SendDeps, run: LaunchingRun, taskArn: string): StartingRun {
  const launchedAt = now();
  return {
    ...nextFacts(run, 'STARTING', launchedAt, by),
    status: 'STARTING',
    intent: run.intent,
    task: { taskArn, launchedAt },
  };
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

/**
 * An answer without a task counts only once no task is found: one has been seen to start beside `failures[]`, and a repeat
 * may be refused whose first sending had arrived.
 */
async function launchAndLookUp(deps: SendDeps, run: LaunchingRun, stop: AbortSignal): Promise<LaunchOutcome> {
  const outcome = await deps.host.launch(run.intent, stop);
  if (outcome.kind === 'launched') return outcome;
  const needsLookUp = outcome.needsLookUp || (outcome.kind !== 'unclear' && isRepeat(run));
  if (!needsLookUp) return outcome;
  const taskArn = await findTask(deps, run, stop);
  return taskArn === undefined ? { ...outcome, needsLookUp } : { kind: 'launched', taskArn };
}

function isRepeat({ lease }: LaunchingRun): boolean {
  return lease.epoch > 1;
}
