import type { FailureCode } from '../../../src/core/failure-codes.ts';
import type { AttemptRecord } from '../../../src/core/run.ts';
import { eventsOf, type Facts, type RunStory, type TaskStory, tasksOfAttempt } from '../facts.ts';
import { FLOWS } from '../flows.ts';
import { isHidden, LATE_MS } from './one-task-per-attempt.ts';

export interface Ended {
  readonly facts: Facts;
  readonly run: RunStory;
  readonly ending: AttemptRecord;
  /** The task on record, if there is one. */
  readonly task: TaskStory | undefined;
}

/** Says what is untrue about an ending, or nothing. */
type Witness = (ended: Ended) => string | undefined;

/** Two clocks may differ by four minutes. */
const CLOCKS_MS = 4 * 60_000 + 5_000;

/** For every reason that a simulated run can end with: what must have happened then. */
export const CAUSES: Readonly<Partial<Record<FailureCode, Witness>>> = {
  EXIT_CODE: exitCode,
  FLOW_FAILED: ({ task }) => (task?.ends.some(({ isOk }) => !isOk) ? undefined : 'its user code did not fail'),
  KILLED: ({ task }) =>
    task?.exits.some((exit) => exit.exitCode === 137) && !stoppedByUs(task) ? undefined : 'nobody but us killed it',
  SPOT_INTERRUPTION: stopCodeIs('SpotInterruption'),
  HOST_LOST: stopCodeIs('TerminationNotice'),
  TASK_NOT_STARTED: stopCodeIs('TaskFailedToStart'),
  NETWORK_INTERFACE: stopCodeIs('TaskFailedToStart'),
  IMAGE_PULL_INTERRUPTED: stopCodeIs('TaskFailedToStart'),
  IMAGE_NOT_FOUND: stopCodeIs('TaskFailedToStart'),
  RESOURCE_INITIALIZATION: stopCodeIs('TaskFailedToStart'),
  STOPPED_BY_OTHERS: ({ task }) => (task?.stopped?.reason === 'stopped by hand' ? undefined : 'we stopped it'),
  NO_FINAL_RECORD: noFinalRecord,
  START_TIMEOUT: startTimeout,
  RUN_TIMEOUT: runTimeout,
  TASK_LOST: ({ task, ending }) =>
    task?.stopped && task.stopped.at < ending.finishedAt + CLOCKS_MS ? undefined : 'it was still there',
  ATTEMPT_FENCED: () => undefined,
  NOT_LAUNCHED: refused,
  PERMISSION_DENIED: refused,
  CANCELLED: ({ run }) => (run.last.cancel ? undefined : 'nobody cancelled it'),
  EXPIRED: ({ run, facts }) =>
    attemptsOf(run, facts).some(({ begins }) => begins.length > 0) ? 'its user code had begun' : undefined,
  INVALID_REQUEST: ({ run, facts }) =>
    facts.sent.some(({ rejectedId, bodyHash }) => rejectedId === run.runId && bodyHash === undefined)
      ? undefined
      : 'its body was fine',
  RUN_ID_REUSED: idReused,
  FLOW_NOT_FOUND: ({ run }) => (Object.hasOwn(FLOWS, run.last.request.flow) ? 'there is such a flow' : undefined),
};

/** The worker's own codes say that it could not reach the store: that is not the flow's failure. */
function exitCode({ task, ending }: Ended): string | undefined {
  const exit = task?.exits.at(-1);
  if (exit === undefined || exit.exitCode === 0 || exit.exitCode !== ending.exitCode) return 'it exited otherwise';
  return exit.exitCode === 75 && task?.begins.length === 0 ? 'its worker could not reach the store' : undefined;
}

/**
 * A worker that was refused its own attempt is our doing, unless nobody could know of its task in time; one that had claimed
 * it was killed, or could not say its end.
 */
function noFinalRecord({ run, task, facts }: Ended): string | undefined {
  if (task !== undefined && isHidden(facts, task)) return undefined;
  const claimed = run.puts.some((put) => put.run.status === 'RUNNING' && put.run.claim?.taskArn === task?.made.taskArn);
  const isRefused = !claimed && task?.exits.at(-1)?.exitCode === 0;
  return isRefused ? 'its worker was refused: it never ran' : undefined;
}

function stopCodeIs(code: string): Witness {
  return ({ task }) => (task?.stopped?.stopCode === code ? undefined : `its stop code was ${task?.stopped?.stopCode}`);
}

function stoppedByUs({ stopsAsked }: TaskStory): boolean {
  return stopsAsked.some(({ by }) => by !== 'somebody');
}

function startTimeout({ run, facts, ending, task }: Ended): string | undefined {
  const ofAttempt = tasksOfAttempt(facts, run.runId, ending.attempt).flatMap(({ begins }) => begins);
  // A plain twin of the task on record says nothing about it; a worker's user code begins only in the task on record.
  const begun = ofAttempt.some(({ isWorker, taskArn }) => isWorker || taskArn === ending.taskArn);
  if (begun) return 'its user code had begun';
  const limitMs = policyOf(run)?.startTimeoutMs ?? 0;
  const asked = task?.stopsAsked[0];
  return asked && task.made.at + limitMs - CLOCKS_MS > asked.at ? 'it had more time' : undefined;
}

function runTimeout({ run, task }: Ended): string | undefined {
  const limitMs = policyOf(run)?.runTimeoutMs ?? Number.POSITIVE_INFINITY;
  // That it is to be stopped is on record first: its user code may end by itself before ECS is asked.
  const [begun, over] = [task?.begins[0], task?.stopsAsked[0] ?? task?.ends[0]];
  return begun && over && over.at - begun.at + CLOCKS_MS >= limitMs ? undefined : 'it had more time';
}

function policyOf({ puts }: RunStory) {
  const withIntent = puts.findLast(({ run }) => 'intent' in run && run.intent !== undefined);
  return withIntent && 'intent' in withIntent.run ? withIntent.run.intent?.policy : undefined;
}

/** A task of a request that arrived long after everybody had given it up, and that did nothing, is no lie. */
function refused({ facts, run, ending }: Ended): string | undefined {
  const made = tasksOfAttempt(facts, run.runId, ending.attempt);
  const untold = made.some((task) => task.made.travelledMs <= LATE_MS || task.begins.length > 0);
  return untold ? 'ECS had made a task' : undefined;
}

function attemptsOf({ runId, last }: RunStory, facts: Facts): readonly TaskStory[] {
  return Array.from({ length: last.attempt }, (_, index) => tasksOfAttempt(facts, runId, index + 1)).flat();
}

function idReused({ run, facts }: Ended): string | undefined {
  const own = facts.sent.find(({ rejectedId }) => rejectedId === run.runId);
  const others = eventsOf(facts.story, 'sent').filter(({ runId }) => runId === own?.runId);
  return others.some(({ bodyHash }) => bodyHash !== own?.bodyHash) ? undefined : 'its id was used once';
}
