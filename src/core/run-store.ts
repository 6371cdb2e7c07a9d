import type { FlowRun, InFlightRun, QueuedRun, RunStatus } from './run.ts';

/** The record of runs, and the only judge of who may change one. */
export interface RunStore {
  /** Puts the run on record unless one with its id is there; either way resolves to the run on record. */
  accept<Run extends FlowRun>(run: Run): Promise<Accepted>;
  /** The run as it is now (a strongly consistent read). */
  get(runId: string): Promise<FlowRun | undefined>;
  /** The same for several; ids without a record are left out. */
  getMany(runIds: readonly string[]): Promise<readonly FlowRun[]>;
  /** Replaces `from` by `to`; resolves to undefined when somebody else has changed the run since `from` was read. */
  move<To extends FlowRun>(from: FlowRun, to: To): Promise<To | undefined>;
  /**
   * Queued runs that are due by `now`, the most urgent first, without those to `skip`; may lag behind by a moment. Of very
   * many, urgency is judged among the thousands that have been due the longest.
   */
  queued(now: number, limit: number, skip?: (runId: string) => boolean): Promise<readonly QueuedRun[]>;
  /** Runs that an agent must watch; may lag behind by a moment. */
  inFlight(): AsyncIterable<readonly InFlightRun[]>;
  /** A page of runs, the newest first. */
  list(query: RunQuery): Promise<RunPage>;
}

export interface Accepted {
  readonly run: FlowRun;
  /** Whether this very call put it there. */
  readonly isNew: boolean;
}

export interface RunQuery {
  readonly flow?: string;
  readonly status?: RunStatus;
  /** Requested at this moment or later; without it and without a flow, a listing goes back 31 days. */
  readonly since?: number;
  /** Requested by this moment: now, mostly. */
  readonly until: number;
  readonly limit: number;
  /** From the page before. */
  readonly cursor?: string;
}

export interface RunPage {
  readonly runs: readonly FlowRun[];
  readonly cursor?: string;
}
