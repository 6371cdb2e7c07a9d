import { callTroubleOf } from '../core/call-trouble.ts';
import type { CallError } from '../core/classify-launch.ts';

/** What an SDK's exception tells, in plain fields. */
export function callErrorOf(error: unknown): CallError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const metadata = member(error, '$metadata');
  const status = metadata && member(metadata, 'httpStatusCode');
  const attempts = metadata && member(metadata, 'attempts');
  const code = member(error, 'code');
  const resourceIds = member(error, 'resourceIds');
  return {
    name: error.name,
    message: error.message,
    code: typeof code === 'string' ? code : undefined,
    attempts: typeof attempts === 'number' ? attempts : undefined,
    httpStatusCode: typeof status === 'number' ? status : undefined,
    resourceIds: Array.isArray(resourceIds) ? resourceIds.filter((id) => typeof id === 'string') : undefined,
  };
}

/** Whether the exception is of one of these names. */
export function isAwsError(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/** Whether a permission is missing: asking again changes nothing. */
export function isDenied(error: unknown): boolean {
  return callTroubleOf(callErrorOf(error)) === 'denied';
}

export function httpStatusOf(error: unknown): number | undefined {
  return callErrorOf(error).httpStatusCode;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value ? Reflect.get(value, key) : undefined;
}
