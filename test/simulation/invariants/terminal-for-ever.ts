import { isFinished } from '../../../src/core/run.ts';
import type { Invariant } from '../facts.ts';

/** I3: nothing is written to a run that has ended. */
export const terminalForEver: Invariant = ({ runs }) =>
  [...runs.values()].flatMap(({ runId, puts }) => {
    const end = puts.findIndex(({ run }) => isFinished(run));
    const after = end === -1 ? undefined : puts[end + 1];
    if (after === undefined) return [];
    const message = `${puts[end]?.run.status} was followed by ${after.run.status}`;
    return [{ invariant: 'I3', code: 'changed', subject: runId, at: after.at, message }];
  });
