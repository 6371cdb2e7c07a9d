import type { RunFacts, RunStatus } from './run.ts';
import type { Reason } from './verdict.ts';

/** What stays true of a run when its status changes, with the move added to its history. */
export function nextFacts(run: RunFacts, status: RunStatus, at: number, by: string, reason?: Reason): RunFacts {
  const { runId, version, request, bodyHash, requestedAt, tick, attempt, attempts, history, cancel } = run;
  const entry = { status, attempt, at, by, ...(reason === undefined ? {} : { code: reason.code }) };
  return {
    runId,
    version: version + 1,
    request,
    bodyHash,
    requestedAt,
    ...(tick === undefined ? {} : { tick }),
    attempt,
    attempts,
    history: [...history, entry].slice(-MAX_HISTORY),
    ...(cancel === undefined ? {} : { cancel }),
  };
}

/** A run that waits for capacity for days must not outgrow its record. */
const MAX_HISTORY = 100;

/** The same run with one more version, for a move that keeps its status. */
export function touched<Run extends RunFacts>(run: Run): Run {
  return { ...run, version: run.version + 1 };
}
