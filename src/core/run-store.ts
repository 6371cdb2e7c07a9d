import type { FlowRun, InFlightRun, LaunchingRun, QueuedRun, RunStatus } from './run.ts';
import type { FullSlot } from './slots.ts';

/** The record of runs, and the only judge of who may change one. */
export interface RunStore {
  /** Puts the run on record unless one with its id is there; either way resolves to the run on record. */
  accept<Run extends FlowRun>(run: Run): Promise<Accepted>;
  /** The run as it is now (a strongly consistent read). */
  get(runId: string): Promise<FlowRun | undefined>;
  /** The same for several; ids without a record are left out. */
  getMany(runIds: readonly string[]): Promise<readonly FlowRun[]>;
  /**
   * Replaces `from` by `to`, and gives back the slots that `to` holds no more; resolves to undefined when somebody else has
   * changed the run since `from` was read.
   */
  move<To extends FlowRun>(from: FlowRun, to: To): Promise<To | undefined>;
  /** The move that takes slots: the run and all of its slots, or nothing. */
  claim(from: QueuedRun, to: LaunchingRun): Promise<ClaimOutcome>;
  /** Ids of the runs that hold a slot of this key (a strongly consistent read). */
  slotHolders(key: string): Promise<readonly string[]>;
  /**
   * Takes a slot from a run that was `seen` not to hold it: `undefined` is a run that is gone. Resolves to false when the
   * run has changed since; it may hold the slot by right then.
   */
  freeSlot(key: string, runId: string, seen: FlowRun | undefined): Promise<boolean>;
  /**
   * Queued runs that are due by `now`, without those to skip, in the order in which they are to be launched: see `FairDeal`.
   * May lag behind by a moment. Of a great number, each call sees some of every lane, or goes on where the last one ended.
   */
  queued(now: number, limit: number, skip?: QueuedSkip): Promise<readonly QueuedRun[]>;
  /** Queued runs that are too late to be launched, wherever they stand; see `startLimitOf`. May lag behind by a moment. */
  overdue(now: number): AsyncIterable<readonly QueuedRun[]>;
  /** Runs in flight, of these shards only if any are named; may lag behind by a moment. */
  inFlight(shards?: readonly string[]): AsyncIterable<readonly InFlightRun[]>;
  /** A page of runs, the newest first. */
  list(query: RunQuery): Promise<RunPage>;
}

export interface Accepted {
  readonly run: FlowRun;
  /** Whether this very call put it there. */
  readonly isNew: boolean;
}

/** Who is not to be looked at: single runs, and lanes in which nobody can begin; see `laneOf`. */
export interface QueuedSkip {
  run(runId: string): boolean;
  lane(lane: string): boolean;
}

export const NOBODY: QueuedSkip = { run: () => false, lane: () => false };

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly run: LaunchingRun }
  /** Somebody else has changed the run meanwhile. */
  | { readonly kind: 'lost' }
  /** One of the limits has no place left; nothing was taken. */
  | { readonly kind: 'full'; readonly slot: FullSlot };

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
