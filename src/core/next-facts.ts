import type { FlowRun, RunFacts, RunStatus } from './run.ts';
import type { Reason } from './verdict.ts';

/** What stays true of a run when its status changes, with the move added to its history. */
export function nextFacts(
  run: RunFacts,
  status: RunStatus,
  at: number,
  by: string,
  why: { readonly code?: Reason['code']; readonly note?: string | undefined } = {},
): RunFacts {
  const { runId, version, request, bodyHash, requestedAt, tick, wants, attempt, attempts, history, cancel } = run;
  const { code, note } = why;
  const told = { ...(code === undefined ? {} : { code }), ...(note === undefined ? {} : { note }) };
  const entry = { status, attempt, at, by, ...told };
  return {
    ...unknownFacts(run),
    runId,
    version: version + 1,
    request,
    bodyHash,
    requestedAt,
    ...(tick === undefined ? {} : { tick }),
    ...(wants === undefined ? {} : { wants }),
    attempt,
    attempts,
    history: [...history, entry].slice(-MAX_HISTORY),
    ...(cancel === undefined ? {} : { cancel }),
  };
}

type FieldOf<Run> = Run extends Run ? keyof Run : never;

/** Every field of a run in any status. */
const KNOWN: Readonly<Record<string, true>> = {
  runId: true,
  version: true,
  request: true,
  bodyHash: true,
  requestedAt: true,
  tick: true,
  wants: true,
  attempt: true,
  attempts: true,
  history: true,
  cancel: true,
  unplaced: true,
  status: true,
  notBefore: true,
  queueTimeoutMs: true,
  placement: true,
  waiting: true,
  slots: true,
  lease: true,
  intent: true,
  task: true,
  stopping: true,
  startedAt: true,
  claim: true,
  result: true,
  finishedAt: true,
  reason: true,
  exitCode: true,
} satisfies Record<FieldOf<FlowRun>, true>;

/** What a later version has written beside what is known here: it stays on the record, whatever becomes of the run. */
function unknownFacts(run: RunFacts): object {
  return Object.fromEntries(Object.entries(run).filter(([key]) => !Object.hasOwn(KNOWN, key)));
}

/** A run that waits for capacity for days must not outgrow its record. */
const MAX_HISTORY = 100;

/** The same run with one more version, for a move that keeps its status. */
export function touched<Run extends RunFacts>(run: Run): Run {
  return { ...run, version: run.version + 1 };
}
