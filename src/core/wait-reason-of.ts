import type { FlowRun } from './run.ts';
import type { Reason } from './verdict.ts';

/** Why the last launch of a run that is to begin came to nothing, if one did. */
export function waitReasonOf(run: FlowRun): Reason | undefined {
  if (run.status === 'QUEUED') return run.waiting;
  return run.status === 'LAUNCHING' ? run.unplaced?.reason : undefined;
}
