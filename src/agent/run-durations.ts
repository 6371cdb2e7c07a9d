import type { FinishedRun } from '../core/run.ts';

/** Parts of a run's way, in seconds; a part is left out where the run did not come so far. */
export interface RunDurations {
  /** On record until an agent took it. */
  readonly queued?: number;
  /** Taken until ECS had accepted its task. */
  readonly submit?: number;
  /** Accepted until our code began: network, image, start. */
  readonly start?: number;
  /** Requested until our code began. */
  readonly timeToStart?: number;
  /** Our code, from its beginning to the end. */
  readonly run?: number;
}

/** Of the last attempt, by the record's own history. */
export function runDurations(run: FinishedRun): RunDurations {
  const { requestedAt, attempt, history, startedAt, finishedAt } = run;
  const at = (status: string): number | undefined =>
    history.findLast((entry) => entry.status === status && entry.attempt === attempt)?.at;
  const taken = at('LAUNCHING');
  const accepted = at('STARTING');
  return withoutHoles({
    queued: between(attempt === 1 ? requestedAt : undefined, taken),
    submit: between(taken, accepted),
    start: between(accepted, startedAt),
    timeToStart: between(attempt === 1 ? requestedAt : undefined, startedAt),
    run: between(startedAt, finishedAt),
  });
}

/** Clocks of two machines differ: what began after its end took no time. */
function between(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from) / 1000;
}

function withoutHoles(durations: Record<keyof RunDurations, number | undefined>): RunDurations {
  return Object.fromEntries(Object.entries(durations).filter(([, value]) => value !== undefined));
}
