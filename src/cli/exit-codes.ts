import type { FinalStatus } from '../core/verdict.ts';

/** What the exit code of a command says; the agent's own are 0, `config` as 78, and 1. */
export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  config: 3,
  access: 4,
  notFound: 5,
  runFailed: 6,
  runCrashed: 7,
  runCancelled: 8,
  timedOut: 9,
  /** EX_CONFIG of sysexits(3): a supervisor need not start the agent again before somebody mends its files. */
  agentConfig: 78,
  interrupted: 130,
} as const;

const OF_STATUS = {
  SUCCEEDED: EXIT.ok,
  FAILED: EXIT.runFailed,
  CRASHED: EXIT.runCrashed,
  CANCELLED: EXIT.runCancelled,
  EXPIRED: EXIT.timedOut,
} as const satisfies Record<FinalStatus, number>;

/** The exit code of a command that watched a run to its end. */
export function exitCodeOf(status: FinalStatus): number {
  return OF_STATUS[status];
}
