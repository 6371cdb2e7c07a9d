import type { FlowRun } from '../../../src/core/run.ts';
import type { Invariant } from '../facts.ts';

/** I14: every attempt but the last has its record, retries keep to their budgets, and only fences cost none. */
export const attemptsCounted: Invariant = ({ runs }) =>
  [...runs.values()].flatMap(({ runId, last, lastAt }) => {
    const wrong = miscount(last);
    return wrong === undefined ? [] : [{ invariant: 'I14', ...wrong, subject: runId, at: lastAt }];
  });

function miscount(run: FlowRun): { code: string; message: string } | undefined {
  const { attempt, attempts } = run;
  const ended = attempts.filter((record) => record.attempt < attempt);
  if (ended.length !== attempt - 1) {
    return { code: 'missing', message: `${ended.length} ended attempts are on record before attempt ${attempt}` };
  }
  const free = ended.find(({ retriedAs, reason }) => retriedAs === undefined && reason.code !== 'ATTEMPT_FENCED');
  if (free) return { code: 'free', message: `attempt ${free.attempt} was repeated at nobody's cost` };
  const policy = 'intent' in run ? run.intent?.policy : undefined;
  for (const budget of ['FAILED', 'CRASHED'] as const) {
    const used = ended.filter(({ retriedAs }) => retriedAs === budget).length;
    if (policy && used > policy.retries[budget].max) return { code: 'over', message: `${used} retries as ${budget}` };
  }
  return undefined;
}
