import type { WatchPace } from './watch-runs.ts';

/** How often the agent looks where nobody tells it. */
export interface AgentPace extends WatchPace {
  /** Pause between looks for queued runs that nobody offered. */
  readonly queuedMs: number;
  /** Pause between looks for changed templates and flows. */
  readonly reloadMs: number;
  /** Pause between looks whether the tick of a schedule that waits for an earlier run may go. */
  readonly waitingTicksMs: number;
  /** A message that could not be put on record comes back after so many seconds, and later each further time. */
  readonly putOffSeconds: number;
  /** Pause between signs of life to the other agents. */
  readonly beatMs: number;
}

export const DEFAULT_PACE: AgentPace = {
  roundMs: 1_000,
  soonestMs: 2_000,
  latestMs: 30_000,
  scanMs: 30_000,
  queuedMs: 5_000,
  reloadMs: 30_000,
  waitingTicksMs: 5_000,
  putOffSeconds: 90,
  beatMs: 5_000,
};

/** On one machine, where looking costs nothing. */
export const LOCAL_PACE: AgentPace = {
  roundMs: 100,
  soonestMs: 150,
  latestMs: 2_000,
  scanMs: 2_000,
  queuedMs: 500,
  reloadMs: 1_000,
  waitingTicksMs: 500,
  putOffSeconds: 2,
  beatMs: 1_000,
};
