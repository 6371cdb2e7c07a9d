import type { Verdict } from './verdict.ts';

/** Of a run that was not started in time, in the words of {@link latenessOf}. */
export function expiredVerdict(message: string): Verdict {
  return { status: 'EXPIRED', reason: { code: 'EXPIRED', message }, retry: 'never' };
}
