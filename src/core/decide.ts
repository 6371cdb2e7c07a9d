import { cancelledVerdict } from './cancelled-verdict.ts';
import { judgeStop } from './judge-stop.ts';
import type { ObservedTask, TaskObservation } from './observation.ts';
import type { RunningRun, StartingRun, TaskFacts } from './run.ts';
import type { Verdict } from './verdict.ts';
import { SILENT_AFTER_MS, type WorkerSilence } from './worker-silence.ts';

export type Decision =
  | { readonly kind: 'keep' }
  /** Something new is known of the task; `runningSince` when a plain container has begun. */
  | { readonly kind: 'note'; readonly task: TaskFacts; readonly runningSince?: number }
  /** The task is to be stopped; the verdict holds once it has. */
  | { readonly kind: 'stop'; readonly verdict: Verdict }
  | { readonly kind: 'settle'; readonly verdict: Verdict; readonly seen?: ObservedTask };

/** A stopped task can be described for an hour at least (API DescribeTasks): only then does MISSING mean lost. */
const FORGOTTEN_AFTER_MS = 65 * 60_000;

/** So often at least is it on record that the task was still there. */
const NOTE_SIGHTING_EVERY_MS = 10 * 60_000;

/**
 * What an observation means for a run whose task is known, and the silence of its worker if it was listened to. Pure: the same
 * facts give the same decision on any agent.
 */
export function decide(
  run: StartingRun | RunningRun,
  seen: TaskObservation,
  now: number,
  silence?: WorkerSilence,
): Decision {
  switch (seen.kind) {
    case 'missing':
      return decideMissing(run, now);
    case 'stopped':
      return { kind: 'settle', verdict: judgeStop(endedAttempt(run), seen.task), seen: seen.task };
    case 'active':
      return decideActive(run, seen.task, now, silence);
    default:
      return seen satisfies never;
  }
}

/** The task that decides: the one that claimed the attempt, if one did. A twin that was refused settles nothing. */
export function decidingTaskArn(run: StartingRun | RunningRun): string {
  return run.status === 'RUNNING' && run.claim ? run.claim.taskArn : run.task.taskArn;
}

function decideMissing(run: StartingRun | RunningRun, now: number): Decision {
  const lastSeenAt = run.task.lastSeenAt ?? run.task.launchedAt;
  if (now - lastSeenAt < FORGOTTEN_AFTER_MS) return { kind: 'keep' };
  const evidence = `DescribeTasks: MISSING ${decidingTaskArn(run)}, last seen ${new Date(lastSeenAt).toISOString()}`;
  const message = resultOf(run)
    ? `ECS forgot the task before its exit code was read; the worker's last word was ${resultOf(run)?.status}.`
    : 'ECS no longer knows the task, and nobody saw it end.';
  return {
    kind: 'settle',
    verdict: { status: 'CRASHED', reason: { code: 'TASK_LOST', message, evidence }, retry: 'never' },
  };
}

function decideActive(
  run: StartingRun | RunningRun,
  task: ObservedTask,
  now: number,
  silence: WorkerSilence | undefined,
): Decision {
  const main = task.containers.find(({ name }) => name === run.intent.container);
  // The worker's final record and its exit code are all that STOPPED could add: no need to wait for the network card.
  if (run.intent.worker && resultOf(run) && main?.exitCode !== undefined) {
    return { kind: 'settle', verdict: judgeStop(endedAttempt(run), task), seen: task };
  }
  const stop = reasonToStop(run, now) ?? silentWorker(run, silence);
  if (stop) return { kind: 'stop', verdict: stop };
  return decideNote(run, task, now);
}

function reasonToStop(run: StartingRun | RunningRun, now: number): Verdict | undefined {
  if (run.cancel) return cancelledVerdict(run.cancel);
  if (run.stopping) return run.stopping;
  const { startTimeoutMs, runTimeoutMs } = run.intent.policy;
  if (run.status === 'STARTING' && now - run.task.launchedAt > startTimeoutMs) {
    const message = `Our code did not begin within ${startTimeoutMs / 1000} s of the launch.`;
    return { status: 'CRASHED', reason: { code: 'START_TIMEOUT', message }, retry: 'infrastructure' };
  }
  if (run.status === 'RUNNING' && runTimeoutMs !== undefined && now - run.startedAt > runTimeoutMs) {
    const message = `It ran longer than the ${runTimeoutMs / 1000} s that its flow allows.`;
    return { status: 'FAILED', reason: { code: 'RUN_TIMEOUT', message }, retry: 'flow' };
  }
  return undefined;
}

/** ECS says that the task runs, and its worker says nothing: it hangs, or nobody can reach it, and it would go on for ever. */
function silentWorker(run: StartingRun | RunningRun, silence: WorkerSilence | undefined): Verdict | undefined {
  if (silence === undefined || silence.ms < SILENT_AFTER_MS || resultOf(run)) return undefined;
  const message = `The worker has given no sign of life for ${Math.round(silence.ms / 60_000)} minutes, although its task runs.`;
  const evidence = `${decidingTaskArn(run)}: no heartbeat after number ${silence.count}`;
  return { status: 'CRASHED', reason: { code: 'WORKER_SILENT', message, evidence }, retry: 'infrastructure' };
}

/** What a look adds is worth a write only when the run's status changes by it, or when a sighting is to be kept. */
function decideNote(run: StartingRun | RunningRun, task: ObservedTask, now: number): Decision {
  const begins = run.status === 'STARTING' && !run.intent.worker && task.lastStatus === 'RUNNING';
  const stale = now - (run.task.lastSeenAt ?? run.task.launchedAt) > NOTE_SIGHTING_EVERY_MS;
  if (!begins && !stale) return { kind: 'keep' };
  const facts: TaskFacts = {
    ...run.task,
    lastStatus: task.lastStatus,
    lastSeenAt: now,
    ...(task.version === undefined ? {} : { ecsVersion: task.version }),
  };
  return begins ? { kind: 'note', task: facts, runningSince: task.startedAt ?? now } : { kind: 'note', task: facts };
}

function endedAttempt(run: StartingRun | RunningRun) {
  const { container, worker } = run.intent;
  const claimed = run.status === 'RUNNING' && run.claim !== undefined;
  return { container, worker, claimed, result: resultOf(run), cancel: run.cancel, stopping: run.stopping };
}

function resultOf(run: StartingRun | RunningRun) {
  return run.status === 'RUNNING' ? run.result : undefined;
}
