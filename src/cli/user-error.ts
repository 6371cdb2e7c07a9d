import type { Fault } from '../core/fault.ts';
import { EXIT } from './exit-codes.ts';

interface UserErrorOptions {
  readonly exitCode: number;
  /** What to do about it: a command to paste, or a sentence. */
  readonly next?: string;
}

/** Something that the person at the keyboard can mend: told in one or two lines, never with a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: number;
  readonly next: string | undefined;

  constructor(message: string, { exitCode, next }: UserErrorOptions) {
    super(message);
    this.exitCode = exitCode;
    this.next = next;
  }
}

/** A command line that cannot be understood. */
export function usageError(message: string, next?: string): UserError {
  return new UserError(message, { exitCode: EXIT.usage, ...(next === undefined ? {} : { next }) });
}

/** Documents with faults: each is told in a line of its own, then `message`. */
export class FaultsError extends UserError {
  readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[], options: UserErrorOptions) {
    super(message, options);
    this.faults = faults;
  }
}
