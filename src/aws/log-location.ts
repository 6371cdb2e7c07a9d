import { DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { LoggingContainer, LogLocation } from '../core/log-locator.ts';
import { err, ok, type Result } from '../core/result.ts';

/**
 * Finds the stream of a task's container by its definition: `<prefix>/<container>/<task id>`, or the container's Docker id
 * without a prefix, which nobody outside the task knows (API LogConfiguration). The error says why there is none.
 */
export async function locateLog(
  ecs: ECSClient,
  { taskDefinition, container, taskArn }: LoggingContainer,
): Promise<Result<LogLocation, string>> {
  const { taskDefinition: found } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const definition = found?.containerDefinitions?.find(({ name }) => name === container);
  const { logDriver, options = {} } = definition?.logConfiguration ?? {};
  if (logDriver === undefined) return err(`the container ${container} of ${taskDefinition} has no logConfiguration`);
  if (logDriver !== 'awslogs') return err(`the container ${container} logs through ${logDriver}: look there`);
  const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix, 'awslogs-region': region } = options;
  if (group === undefined || prefix === undefined)
    return err(`${taskDefinition} names no awslogs-group, or no awslogs-stream-prefix to find the stream by`);
  const stream = `${prefix}/${container}/${taskIdOf(taskArn)}`;
  return ok({ group, stream, ...(region === undefined ? {} : { region }) });
}

function taskIdOf(taskArn: string): string {
  return taskArn.slice(taskArn.lastIndexOf('/') + 1);
}
