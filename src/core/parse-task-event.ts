import { isJsonMap, type Json, type JsonMap, ownValue } from './json.ts';
import { parseJsonText } from './parse-json-text.ts';
import { err, ok, type Result } from './result.ts';
import { parseStartedBy } from './run-identity.ts';

/** What EventBridge's "ECS Task State Change" tells about a task of ours (ECS developer guide, "ECS task events"). */
export interface TaskEvent {
  readonly runId: string;
  readonly attempt: number;
  readonly taskArn: string;
  readonly lastStatus: string;
}

/** The event of a message body; undefined for one that is well but not of a task of ours. */
export function parseTaskEvent(body: string): Result<TaskEvent | undefined, string> {
  const parsed = parseJsonText(body);
  if (!parsed.ok) return err(parsed.error.message);
  const detail = isJsonMap(parsed.value) ? ownValue(parsed.value, 'detail') : undefined;
  if (!isJsonMap(detail)) return err('the body is no event: it has no detail');
  const taskArn = textOf(detail, 'taskArn');
  if (taskArn === undefined) return ok(undefined);
  const owner = parseStartedBy(textOf(detail, 'startedBy'));
  return ok(owner && { ...owner, taskArn, lastStatus: textOf(detail, 'lastStatus') ?? 'UNKNOWN' });
}

function textOf(map: JsonMap, key: string): string | undefined {
  const value: Json | undefined = ownValue(map, key);
  return typeof value === 'string' ? value : undefined;
}
