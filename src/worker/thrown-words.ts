import { inspect } from 'node:util';
import { UnusableFlowError } from './unusable-flow-error.ts';

/** What was thrown, in one line. */
export function headOf(thrown: unknown): string {
  if (thrown instanceof UnusableFlowError) return thrown.message;
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : inspect(thrown);
  return text.split('\n', 1)[0] ?? '';
}

/** What a flow returned, as JSON; undefined for nothing. Throws an {@link UnusableFlowError} for what JSON cannot say. */
export function jsonOf(output: unknown): string | undefined {
  try {
    return JSON.stringify(output);
  } catch (error) {
    throw new UnusableFlowError(`the flow returned something that JSON cannot say: ${headOf(error)}`);
  }
}
