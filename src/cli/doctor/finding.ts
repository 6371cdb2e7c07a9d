import { adviceOnDenial, parseAccessDenied } from '../../core/access-denied.ts';
import { explainError } from '../explain-error.ts';

export type FindingStatus = 'OK' | 'WARN' | 'NG';

/** What the doctor has found about one thing. */
export interface Finding {
  readonly check: string;
  readonly status: FindingStatus;
  readonly detail: string;
  /** A command to paste, or a sentence. */
  readonly fix?: string;
  /** The trouble is the doctor's own: it was not let near, or nobody answered. */
  readonly isAccess?: true;
}

export function ok(check: string, detail: string): Finding {
  return { check, status: 'OK', detail };
}

export function warn(check: string, detail: string, fix?: string): Finding {
  return { check, status: 'WARN', detail, ...(fix === undefined ? {} : { fix }) };
}

export function ng(check: string, detail: string, fix?: string): Finding {
  return { check, status: 'NG', detail, ...(fix === undefined ? {} : { fix }) };
}

export interface LookOptions {
  /** What cannot be looked at is no fault of the agent's: it does not make this call itself. */
  readonly isOptional?: boolean;
  /** The agent does not make this call itself, but has to reach its service: only a denial is no fault of the agent's. */
  readonly mayBeDenied?: boolean;
  /** What to do where the thing is not there. */
  readonly ifMissing?: string;
}

const MISSING = /NotFound|NoSuch|NonExistent|InvalidSubnetID|ImageNotFound|RepositoryNotFound/;

/** Looks at something; what AWS objects becomes a finding, a missing permission one with the statement to add. */
export async function look(check: string, options: LookOptions, see: () => Promise<Finding>): Promise<Finding> {
  try {
    return await see();
  } catch (error) {
    return objection(check, options, error);
  }
}

function objection(check: string, options: LookOptions, error: unknown): Finding {
  const { isOptional = false, mayBeDenied = isOptional, ifMissing } = options;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const failed = isOptional ? warn : ng;
  const denied = parseAccessDenied(words);
  if (denied !== undefined) {
    const { principal, action, resource } = denied;
    const detail = `${principal} may not ${action} on ${resource}`;
    return { ...(mayBeDenied ? warn : ng)(check, detail, adviceOnDenial(words)), isAccess: true };
  }
  if (MISSING.test(words)) return ng(check, words, ifMissing);
  const { message, next } = explainError(error);
  return { ...failed(check, isOptional ? `could not be looked at: ${message}` : message, next), isAccess: true };
}
