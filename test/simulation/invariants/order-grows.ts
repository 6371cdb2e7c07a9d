import { canMove, type FlowRun, rankOf } from '../../../src/core/run.ts';
import type { Invariant } from '../facts.ts';

/** A launch that was not placed gives its claim back: the one step back that there is. */
const GIVES_BACK: ReadonlySet<string> = new Set(['THROTTLED', 'NOT_PLACED', 'AGENT_NOT_READY']);

/** I9: versions grow by one, and `(attempt, rank)` only grows. */
export const orderGrows: Invariant = ({ runs }) =>
  [...runs.values()].flatMap(({ runId, puts }) =>
    puts.flatMap(({ run, at }, index) => {
      const prior = puts[index - 1]?.run;
      if (prior === undefined || isStepOn(prior, run)) return [];
      const message = `${stateOf(prior)} was followed by ${stateOf(run)}`;
      return [{ invariant: 'I9', code: 'back', subject: runId, at, message }];
    }),
  );

function isStepOn(from: FlowRun, to: FlowRun): boolean {
  const isSame = from.status === to.status;
  if (to.version !== from.version + 1 || (!isSame && !canMove(from.status, to.status))) return false;
  if (to.attempt !== from.attempt) return to.attempt === from.attempt + 1 && to.status === 'QUEUED';
  return rankOf(to.status) >= rankOf(from.status) || givesBack(to);
}

function givesBack(to: FlowRun): boolean {
  return to.status === 'QUEUED' && to.waiting !== undefined && GIVES_BACK.has(to.waiting.code);
}

function stateOf({ status, attempt, version }: FlowRun): string {
  return `${status} a${attempt} v${version}`;
}
