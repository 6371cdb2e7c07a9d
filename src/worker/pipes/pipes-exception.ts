import { isJsonMap, type Json, type JsonMap, ownValue } from '../../core/json.ts';

/** Causes of causes; a client that sends a longer chain has sent something else. */
const MAX_CAUSES = 10;

/** The exception that a program closed with, in one line; undefined when it closed without one. */
export function exceptionHead(closed: Json): string | undefined {
  const exception = exceptionOf(closed);
  return exception && headOf(exception);
}

/** The same with its stack and causes, the way a traceback is read. */
export function exceptionText(closed: Json): string | undefined {
  let exception = exceptionOf(closed);
  const parts: string[] = [];
  for (let depth = 0; exception !== undefined && depth < MAX_CAUSES; depth += 1) {
    const { stack } = exception;
    const lines = Array.isArray(stack) ? stack.filter((line) => typeof line === 'string') : [];
    parts.push([headOf(exception), ...lines.map((line) => line.trimEnd())].join('\n'));
    exception = memberOf(exception, 'cause') ?? memberOf(exception, 'context');
  }
  return parts.length === 0 ? undefined : parts.join('\n\ncaused by ');
}

function exceptionOf(closed: Json): JsonMap | undefined {
  return isJsonMap(closed) ? memberOf(closed, 'exception') : undefined;
}

function memberOf(map: JsonMap, key: string): JsonMap | undefined {
  const value = ownValue(map, key);
  return isJsonMap(value) ? value : undefined;
}

function headOf({ name, message }: JsonMap): string {
  const text = typeof message === 'string' ? message.trimEnd() : '';
  return typeof name === 'string' && !text.startsWith(name)
    ? `${name}: ${text}`
    : text || 'an exception without a message';
}
