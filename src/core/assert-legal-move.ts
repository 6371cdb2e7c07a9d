import { canMove, type FlowRun } from './run.ts';

/** Throws for a move that no part of the program may ask for: a defect of ours, stopped before it is on record. */
export function assertLegalMove(from: FlowRun, to: FlowRun): void {
  const staysQueued = from.status === 'QUEUED' && to.status === 'QUEUED';
  const isKnown = canMove(from.status, to.status) || staysQueued;
  if (!isKnown || to.attempt < from.attempt || to.version !== from.version + 1) {
    throw new Error(`run ${from.runId}: no move from ${from.status} v${from.version} to ${to.status} v${to.version}`);
  }
}
