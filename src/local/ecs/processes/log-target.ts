import type { AccessRequest } from '../../iam/access-request.ts';
import type { TaskAccess } from '../../iam/task-access.ts';
import type { LogsSink } from '../../logs/logs-sink.ts';
import { AwsError } from '../../service.ts';
import type { ContainerDefinition } from '../definitions/definition-shape.ts';
import { StartRefusal } from './start-refusal.ts';

/** Where a container's output goes. */
export interface LogTarget {
  readonly group: string;
  readonly stream: string;
}

export interface LogTools {
  readonly taskId: string;
  readonly logs: LogsSink;
  /** AWS's words when the task's execution role may not do something. */
  readonly refusal: (request: AccessRequest) => string | undefined;
  readonly logArn: TaskAccess['logArn'];
}

/** The stream is `<prefix>/<container>/<task id>` (API `LogConfiguration`); other drivers' output goes nowhere. */
export function logTargetOf({ name, logConfiguration }: ContainerDefinition, tools: LogTools): LogTarget | undefined {
  if (logConfiguration?.logDriver !== 'awslogs') return undefined;
  const options = logConfiguration.options ?? {};
  const group = options['awslogs-group'] ?? '';
  const prefix = options['awslogs-stream-prefix'];
  const stream = prefix === undefined ? tools.taskId : `${prefix}/${name}/${tools.taskId}`;
  if (options['awslogs-create-group'] === 'true') createGroup(group, tools);
  checkAllowed('CreateLogStream', 'log stream', tools.logArn(group, stream), tools);
  if (tools.logs.hasGroup(group)) return isWritable(group, stream, tools) ? { group, stream } : undefined;
  throw new StartRefusal(
    `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: operation error CloudWatch Logs: CreateLogStream, ResourceNotFoundException: The specified log group does not exist. (log group '${group}') : exit status 1`,
  );
}

function createGroup(group: string, tools: LogTools): void {
  checkAllowed('CreateLogGroup', 'log group', tools.logArn(group), tools);
  try {
    tools.logs.createGroup(group);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StartRefusal(
      `ResourceInitializationError: failed to validate logger args: failed to create Cloudwatch log group '${group}': ${error.name}: ${error.message}`,
    );
  }
}

/** What may not be written is lost without a word to the task: the driver tells only the host that it runs on. */
function isWritable(group: string, stream: string, { refusal, logArn }: LogTools): boolean {
  return refusal({ action: 'logs:PutLogEvents', resource: logArn(group, stream) }) === undefined;
}

/** ECS developer guide, "Troubleshooting ResourceInitializationError": the driver's words go on from its own to AWS's. */
function checkAllowed(operation: string, what: string, resource: string, { refusal }: LogTools): void {
  const words = refusal({ action: `logs:${operation}`, resource });
  if (words === undefined) return;
  throw new StartRefusal(
    `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch ${what}: operation error CloudWatch Logs: ${operation}, https response error StatusCode: 400, api error AccessDeniedException: ${words} : exit status 1`,
  );
}
