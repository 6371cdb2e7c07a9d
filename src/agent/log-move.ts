import { type FlowRun, isFinished } from '../core/run.ts';
import { waitReasonOf } from '../core/wait-reason-of.ts';
import type { Log, LogFacts } from '../service/log.ts';

/** One line for a run's move, the level rising with the trouble. */
export function logMove(log: Log, run: FlowRun): void {
  const facts = factsOf(run);
  const event = `run.${run.status.toLowerCase()}`;
  if (run.status === 'CRASHED' || run.status === 'FAILED' || run.status === 'EXPIRED') log.warn(event, facts);
  else log.info(event, facts);
}

function factsOf(run: FlowRun): LogFacts {
  const { runId, attempt, request } = run;
  const facts: LogFacts = {
    runId,
    flow: request.flow,
    attempt,
    ...(request.correlationId === undefined ? {} : { correlationId: request.correlationId }),
  };
  const waiting = waitReasonOf(run);
  if (waiting) return { ...facts, ...reasonFacts(waiting) };
  if (run.status === 'QUEUED') return facts;
  if (isFinished(run)) return { ...facts, ...reasonFacts(run.reason), ...taskFacts(run) };
  return { ...facts, ...taskFacts(run) };
}

function taskFacts(run: Exclude<FlowRun, { status: 'QUEUED' }>): LogFacts {
  return {
    ...('task' in run && run.task ? { taskArn: run.task.taskArn } : {}),
    ...(run.intent ? { taskDefinition: run.intent.request.taskDefinition } : {}),
  };
}

function reasonFacts({ code, evidence }: { code: string; evidence?: string }): LogFacts {
  return evidence === undefined ? { code } : { code, evidence };
}
