import { adviceOnDenial } from './access-denied.ts';
import { FAILURE_CODES } from './failure-codes.ts';
import type { Reason } from './verdict.ts';

/** What to do about a reason: for a permission that is missing the very statement, else what its code calls for. */
export function adviceOn({ code, message, evidence }: Reason): string {
  return adviceOnDenial(evidence ?? message) ?? FAILURE_CODES[code].advice;
}
