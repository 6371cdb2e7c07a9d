import type { FlowRun } from '../../../src/core/run.ts';
import { type Invariant, type RunStory, tasksOfAttempt } from '../facts.ts';

/** What a run may end as after its cancel: as CANCELLED, or as what it came to by itself meanwhile. */
const ENDS: ReadonlySet<string> = new Set(['CANCELLED', 'SUCCEEDED', 'FAILED', 'CRASHED']);

/** I13: once a cancel is on record, no attempt is claimed, no new one is begun, and the run ends. */
export const cancelIsFinal: Invariant = (facts) =>
  [...facts.runs.values()].flatMap((run) => {
    const asked = run.puts.findIndex((put) => put.run.cancel !== undefined);
    const at = run.puts[asked]?.at;
    if (at === undefined) return [];
    const wrong = wrongAfter(run, asked) ?? unclaimedBegin(run, facts, at);
    return wrong === undefined ? [] : [{ invariant: 'I13', ...wrong, subject: run.runId, at }];
  });

function wrongAfter({ puts, last }: RunStory, asked: number): { code: string; message: string } | undefined {
  const before = puts[asked - 1]?.run;
  const after = puts.slice(asked);
  if (after.some(({ run }) => run.attempt !== after[0]?.run.attempt)) {
    return { code: 'new-attempt', message: 'another attempt began after the cancel' };
  }
  if (!(before && claimOf(before)) && after.some(({ run }) => claimOf(run) !== undefined)) {
    return { code: 'claimed', message: 'the attempt was claimed after the cancel' };
  }
  return ENDS.has(last.status) ? undefined : { code: 'end', message: `ended as ${last.status}` };
}

/** A worker that has its claim may begin a moment after the cancel; one without a claim may not begin at all. */
function unclaimedBegin(
  { runId, last, puts }: RunStory,
  facts: Parameters<Invariant>[0],
  cancelledAt: number,
): { code: string; message: string } | undefined {
  const claimed = new Set(puts.flatMap(({ run }) => claimOf(run) ?? []));
  const begun = tasksOfAttempt(facts, runId, last.attempt)
    .flatMap(({ begins }) => begins)
    .find(({ at, taskArn, isWorker }) => isWorker && at > cancelledAt && !claimed.has(taskArn));
  return begun && { code: 'began', message: `user code began in ${begun.taskArn.slice(-6)} without a claim` };
}

function claimOf(run: FlowRun): string | undefined {
  return run.status === 'RUNNING' ? run.claim?.taskArn : undefined;
}
