import type { AttemptRecord, FlowRun } from '../../../src/core/run.ts';
import type { Facts, Invariant, RunStory } from '../facts.ts';
import { CAUSES } from './causes.ts';

/** I7: a run or an attempt that ended badly did so for the reason on record. */
export const trueFailure: Invariant = (facts) =>
  [...facts.runs.values()].flatMap((run) => {
    const found = endingsOf(run.last).flatMap((ending) => lieOf(facts, run, ending) ?? []);
    return found.map((lie) => ({ invariant: 'I7', ...lie, subject: run.runId, at: run.lastAt }));
  });

/** Of each attempt; and of the run itself, where it ended without one. */
function endingsOf(run: FlowRun): readonly AttemptRecord[] {
  const { attempts, attempt } = run;
  if (!('finishedAt' in run) || attempts.some((record) => record.attempt === attempt)) return attempts;
  const { status, finishedAt, reason } = run;
  return [...attempts, { attempt, status, finishedAt, reason }];
}

function lieOf(facts: Facts, run: RunStory, ending: AttemptRecord): { code: string; message: string } | undefined {
  if (ending.status === 'SUCCEEDED') return undefined;
  const { code } = ending.reason;
  const witness = CAUSES[code];
  if (witness === undefined) return { code: `unexpected-${code}`, message: `attempt ${ending.attempt}: ${code}` };
  const lie = witness({ facts, run, ending, task: facts.tasks.get(ending.taskArn ?? '') });
  return lie === undefined
    ? undefined
    : { code: `${code}: ${lie}`, message: `attempt ${ending.attempt} is on record as ${code}, but ${lie}` };
}
