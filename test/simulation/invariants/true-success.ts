import type { FlowRun } from '../../../src/core/run.ts';
import type { Facts, Invariant } from '../facts.ts';

/** I6: a run is SUCCEEDED only if its user code came to a good end in the task on record, which exited with 0. */
export const trueSuccess: Invariant = (facts) =>
  [...facts.runs.values()].flatMap(({ runId, last, lastAt }) => {
    if (last.status !== 'SUCCEEDED') return [];
    const lie = whatIsFalse(facts, last);
    return lie === undefined ? [] : [{ invariant: 'I6', code: 'untrue', subject: runId, at: lastAt, message: lie }];
  });

function whatIsFalse({ tasks }: Facts, run: Extract<FlowRun, { finishedAt: number }>): string | undefined {
  const task = tasks.get(run.task?.taskArn ?? '');
  if (task === undefined) return 'no such task';
  if (task.ends.at(-1)?.isOk !== true) return 'its user code did not come to a good end';
  return task.exits.at(-1)?.exitCode === 0 ? undefined : 'its container did not exit with 0';
}
