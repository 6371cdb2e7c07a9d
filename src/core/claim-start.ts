import { nextFacts } from './next-facts.ts';
import { err, ok, type Result } from './result.ts';
import { type FlowRun, isFinished, type RunningRun, type WorkerResult } from './run.ts';

export interface StartWish {
  readonly attempt: number;
  /** Of the task that the worker runs in. */
  readonly taskArn: string;
  readonly now: number;
}

/**
 * The run with its attempt claimed by this task, or why no user code may run: the last check before it, and the only one
 * that holds whatever became of agents, tokens and answers.
 */
export function claimStart(run: FlowRun, { attempt, taskArn, now }: StartWish): Result<RunningRun, string> {
  if (run.attempt !== attempt) return err(`attempt ${attempt} is over: the run is at attempt ${run.attempt}`);
  if (run.cancel) return err(`the run was cancelled by ${run.cancel.by}`);
  if (run.status === 'RUNNING') return err(`attempt ${attempt} was claimed by ${run.claim?.taskArn ?? 'another task'}`);
  if (isFinished(run) || run.status === 'QUEUED') return err(`the run is ${run.status}`);
  if (run.status === 'STARTING' && run.stopping)
    return err(`the attempt is being stopped: ${run.stopping.reason.message}`);
  const task = run.status === 'STARTING' ? { ...run.task, taskArn } : { taskArn, launchedAt: run.intent.createdAt };
  return ok({
    ...nextFacts(run, 'RUNNING', now, 'worker'),
    status: 'RUNNING',
    intent: run.intent,
    task,
    startedAt: now,
    claim: { taskArn, at: now },
  });
}

/** The run with the worker's last word; undefined when it is not this task's to say any more. */
export function recordResult(run: FlowRun, taskArn: string, result: WorkerResult): RunningRun | undefined {
  if (run.status !== 'RUNNING' || run.claim?.taskArn !== taskArn || run.result !== undefined) return undefined;
  return { ...run, version: run.version + 1, result };
}
