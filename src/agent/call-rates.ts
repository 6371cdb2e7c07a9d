import type { CallPace, PacedCall } from '../core/call-pace.ts';
import type { Clock } from '../service/clock.ts';
import { type Priority, TokenBucket } from '../service/token-bucket.ts';

/** Calls a second that this agent may make of ECS. */
export interface CallLimits {
  /** RunTask, first launches and repeats together. */
  readonly launchesPerSecond: number;
  /** Deregistrations, too. */
  readonly registrationsPerSecond: number;
  /** DescribeTasks, ListTasks and ListTaskDefinitions together. */
  readonly readsPerSecond: number;
  readonly stopsPerSecond: number;
}

/** Which part of the agent calls. */
export type Caller = 'launch' | 'watch' | 'housekeeping';

/**
 * Launches that a pause allows at once, as a share of those a second. ECS lets 20 through; calls that a stall has held up
 * arrive together with those of the burst, and both have to fit.
 */
const LAUNCH_BURST_SECONDS = 0.5;

/** Reads that a pause allows at once, as a multiple of those a second: ECS itself lets 100 through. */
const READ_BURST_SECONDS = 3;

/** Registrations that a pause allows at once: ECS lets 20 through, those of all agents and all deployments together. */
const REGISTER_BURST = 10;

/** A launch whose definition would have to wait longer for its registration goes back to the queue, and says why it waits. */
const REGISTER_PATIENCE_MS = 2_000;

/**
 * Who goes first. A launch under way again, a look-up that decides about a launch and a stop come before what is new; a
 * sweep of all tasks comes behind them, and housekeeping last.
 */
const PRIORITIES: Readonly<Record<Caller, (call: PacedCall) => Priority>> = {
  launch: (call) => (call === 'RunTask' || call === 'RegisterTaskDefinition' ? 'normal' : 'urgent'),
  watch: (call) => (call === 'DescribeTasks' ? 'normal' : 'urgent'),
  housekeeping: () => 'background',
};

/** Keeps the agent's calls under ECS's own rates, which are an account's: one bucket for each that ECS has. */
export class CallRates {
  readonly #launches: TokenBucket;
  readonly #buckets: Readonly<Record<PacedCall, TokenBucket>>;

  constructor({ launchesPerSecond, registrationsPerSecond, readsPerSecond, stopsPerSecond }: CallLimits, clock: Clock) {
    const bucket = (perSecond: number, burst = perSecond) =>
      new TokenBucket({ clock, perSecond, burst: Math.max(1, burst) });
    const reads = bucket(readsPerSecond, readsPerSecond * READ_BURST_SECONDS);
    const definitions = bucket(registrationsPerSecond, REGISTER_BURST);
    this.#launches = bucket(launchesPerSecond, launchesPerSecond * LAUNCH_BURST_SECONDS);
    this.#buckets = {
      RunTask: this.#launches,
      RegisterTaskDefinition: definitions,
      DeregisterTaskDefinition: definitions,
      ListTaskDefinitions: reads,
      StopTask: bucket(stopsPerSecond),
      DescribeTasks: reads,
      ListTasks: reads,
    };
  }

  /** The pace of one part of the agent. */
  of(caller: Caller): CallPace {
    return {
      take: (call, stop) => {
        // A first launch has waited for its turn before it claimed: a claimed attempt waits for nothing.
        if (caller === 'launch' && call === 'RunTask') return Promise.resolve(true);
        const patience = call === 'RegisterTaskDefinition' ? { patienceMs: REGISTER_PATIENCE_MS } : {};
        return this.#buckets[call].take(stop, { priority: PRIORITIES[caller](call), ...patience });
      },
    };
  }

  /** Waits for a first launch's turn, which its RunTask then uses up. */
  async takeLaunch(stop: AbortSignal): Promise<void> {
    await this.#launches.take(stop);
  }

  /** The launch that was waited for came to no RunTask. */
  giveBackLaunch(): void {
    this.#launches.giveBack();
  }
}
