import type { LoggingContainer } from '../core/log-locator.ts';
import type { FlowRun } from '../core/run.ts';
import { taskArnOf } from './run-record.ts';

/** The container whose output an attempt's is; undefined while, or because, it has no task. */
export function logSourceOf(run: FlowRun, attempt = run.attempt): LoggingContainer | undefined {
  const intent = run.status === 'QUEUED' ? undefined : run.intent;
  const ended = run.attempts.find((record) => record.attempt === attempt);
  const isCurrent = attempt === run.attempt;
  const taskArn = (isCurrent ? taskArnOf(run) : undefined) ?? ended?.taskArn;
  const taskDefinition = (isCurrent ? intent?.request.taskDefinition : undefined) ?? ended?.taskDefinition;
  const container = (isCurrent ? intent?.container : undefined) ?? ended?.container;
  if (taskArn === undefined || taskDefinition === undefined || container === undefined) return undefined;
  return { taskArn, taskDefinition, container };
}
