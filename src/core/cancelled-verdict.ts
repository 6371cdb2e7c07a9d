import type { CancelRequest } from './run.ts';
import type { Verdict } from './verdict.ts';

/** The verdict on a run that somebody wanted to end. */
export function cancelledVerdict({ by, reason }: Pick<CancelRequest, 'by' | 'reason'>, evidence?: string): Verdict {
  const message = `Cancelled by ${by}: ${reason}`;
  const told = { code: 'CANCELLED', message, ...(evidence === undefined ? {} : { evidence }) } as const;
  return { status: 'CANCELLED', reason: told, retry: 'never' };
}
