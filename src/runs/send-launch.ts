import { nextFacts, touched } from '../core/next-facts.ts';
import { notPlacedDelayMs } from '../core/not-placed-delay.ts';
import type { ObservedTask } from '../core/observation.ts';
import type { FlowRun, LaunchingRun, QueuedRun, RunningRun, StartingRun } from '../core/run.ts';
import { startedByOf } from '../core/run-identity.ts';
import type { RunStore } from '../core/run-store.ts';
import { slotsToTake } from '../core/slots.ts';
import type { LaunchOutcome, TaskHost, Unlaunched } from '../core/task-host.ts';
import type { Reason } from '../core/verdict.ts';
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
  /** Asked before a run whose task has stopped is settled; it is looked at again until it may be. */
  readonly maySettle?: (run: StartingRun | RunningRun, seen: ObservedTask | undefined, stop: AbortSignal) => boolean;
}

/**
 * Sends the frozen request of a claimed attempt and records what came of it. The run stays LAUNCHING as long as a task of it
 * may exist: after an unclear outcome its watcher sends the same request under the same token again, and after an answer
 * without a task it looks for one before the next placement.
 */
export async function sendLaunch(deps: SendDeps, run: LaunchingRun, stop: AbortSignal): Promise<FlowRun | undefined> {
  const outcome = await launchAndLookUp(deps, run, stop);
  return outcome.kind === 'launched' ? recordTask(deps, run, outcome.taskArn) : recordUnlaunched(deps, run, outcome);
}

async function recordUnlaunched(deps: SendDeps, run: LaunchingRun, outcome: Unlaunched): Promise<FlowRun | undefined> {
  // Whatever a repeat is told, an earlier sending may have started the task, or may still arrive and do so.
  if (outcome.kind === 'unclear' || isRepeat(run)) return run;
  const now = deps.now();
  const { reason } = outcome;
  const { definitionHash } = run.intent;
  if (definitionHash !== undefined && isInactiveDefinition(outcome)) {
    // Somebody has deregistered our revision: its content is registered again for the same attempt.
    await deps.definitions.forget(definitionHash);
    return deps.store.move(run, nextPlacement(deps, run, reason, now));
  }
  if (outcome.kind === 'refused') {
    const verdict = { status: 'FAILED', reason, retry: 'never' } as const;
    return deps.store.move(run, finishAttempt(run, verdict, undefined, { now, by: deps.by, random: deps.random() }));
  }
  const until = now + notPlacedDelayMs(reason.code, run.placement, deps.random());
  return deps.store.move(
    run,
    outcome.needsLookUp ? { ...touched(run), unplaced: { reason, until } } : nextPlacement(deps, run, reason, until),
  );
}

/** ECS's words for a revision that was deregistered (API RunTask: ClientException). */
function isInactiveDefinition({ kind, reason }: Unlaunched): boolean {
  return kind === 'refused' && /task ?definition is inactive/i.test(reason.evidence ?? '');
}

/**
 * The attempt is to be planned and launched anew, since no task of it exists. Its next request may differ, and whether an
 * answer without a task uses up a token is not known: so it gets another token.
 */
export function nextPlacement({ now, by }: SendDeps, run: LaunchingRun, reason: Reason, notBefore: number): QueuedRun {
  return {
    ...nextFacts(run, 'QUEUED', now(), by, reason),
    status: 'QUEUED',
    notBefore,
    placement: run.placement + 1,
    waiting: reason,
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

/** One has been seen to start beside `failures[]`, and a repeat may be refused whose first sending had arrived. */
async function launchAndLookUp(deps: SendDeps, run: LaunchingRun, stop: AbortSignal): Promise<LaunchOutcome> {
  const outcome = await deps.host.launch(run.intent, stop);
  if (outcome.kind === 'launched') return outcome;
  const needsLookUp = outcome.needsLookUp || (outcome.kind !== 'unclear' && isRepeat(run));
  const taskArn = needsLookUp ? await findTask(deps, run, stop) : undefined;
  return taskArn === undefined ? outcome : { kind: 'launched', taskArn };
}

/** Each repeat takes the lease anew, so the first sending is the only one of its epoch. */
function isRepeat({ lease }: LaunchingRun): boolean {
  return lease.epoch > 1;
}
