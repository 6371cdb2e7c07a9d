import type { AgentPresence, AgentState, Fleet, FleetStore, ShardLease } from '../core/fleet.ts';
import { inFlightShardOf } from '../core/shards.ts';
import { shareShards } from '../core/share-shards.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';
import { poll, type RoundReport, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';

export interface ShardKeeperOptions {
  readonly fleet: FleetStore;
  readonly name: string;
  readonly instance: string;
  /** What else others are told of this agent. */
  readonly presence: () => Omit<AgentPresence, 'name' | 'instance' | 'state' | 'beat' | 'at'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound?: ((report: RoundReport) => void) | undefined;
  /** Told of each sign of life that is on record. */
  readonly onBeat?: (() => void) | undefined;
  /** Told when there are more shards to watch than before. */
  readonly onGained: () => void;
  /** Told of the agents as each read finds them, and which of them live. */
  readonly onFleet?: ((fleet: Fleet, isAlive: (instance: string) => boolean) => void) | undefined;
  /** Pause between two signs of life. */
  readonly beatMs: number;
  /** An agent that has given no sign of life for so long is taken for dead. */
  readonly leaseMs: number;
}

/** An agent of our own name is this one before its restart, if it misses more than two beats. */
const NAMESAKE_BEATS = 2.5;

interface Sighting {
  readonly beat: number;
  /** When this beat was first seen, by our monotonic clock: clocks of two machines differ. */
  readonly since: number;
  readonly name: string;
  readonly state: AgentState;
}

/**
 * Says that this agent lives, and holds its share of the runs in flight for the watcher. A lease is believed until a read
 * says otherwise: two agents that watch the same runs for a moment waste calls and change nothing.
 */
export class ShardKeeper implements Service {
  readonly name = 'shards';
  readonly #options: ShardKeeperOptions;
  #seen: ReadonlyMap<string, Sighting> = new Map();
  #held: ReadonlyMap<string, ShardLease> = new Map();
  #beat = 0;

  constructor(options: ShardKeeperOptions) {
    this.#options = options;
  }

  get shards(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** Whether the run is in a shard that this agent watches. */
  watches(runId: string): boolean {
    return this.#held.has(inFlightShardOf(runId));
  }

  /** Whether that process of an agent has stopped, or was seen alive and has given no sign of life for a whole lease. */
  isGone(instance: string): boolean {
    const sighting = this.#seen.get(instance);
    return (
      sighting !== undefined && (sighting.state === 'stopped' || this.#silentMs(sighting) >= this.#options.leaseMs)
    );
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, onTrouble, onRound, beatMs } = this.#options;
    const pauses = { idleMs: beatMs, maxBackoffMs: beatMs };
    await poll({ name: this.name, clock, stop, ...pauses, onTrouble, onRound }, async () => {
      await this.round();
      return 'idle';
    });
    await this.#lastWord('draining', this.#giveUpAll());
    this.#held = new Map();
  }

  /** To be called when the agent has come to its end: others need not find out by its silence. */
  async leave(): Promise<void> {
    await this.#lastWord('stopped');
  }

  /** One sign of life, and one step towards a fair share. */
  async round(): Promise<void> {
    const { fleet, name, instance, onGained, onFleet } = this.#options;
    await this.#say('working');
    const found = await fleet.read();
    this.#look(found);
    onFleet?.(found, (other) => this.#isAlive(other));
    const before = this.#held;
    const { take, giveUp } = shareShards(found, { name, instance }, (other) => this.#isAlive(other));
    const given = new Set(giveUp.map(({ shard }) => shard));
    const mine = found.leases.filter((lease) => lease.holder?.instance === instance && !given.has(lease.shard));
    const taken = await this.#take(take);
    this.#held = new Map([...mine, ...taken].map((lease) => [lease.shard, lease]));
    await Promise.all(giveUp.map((lease) => fleet.pass(lease, undefined)));
    if (this.shards.some((shard) => !before.has(shard))) onGained();
    await this.#forgetFormer();
  }

  async #say(state: AgentState): Promise<void> {
    const { fleet, name, instance, presence, clock, onBeat } = this.#options;
    this.#beat += 1;
    await fleet.beat({ ...presence(), name, instance, state, beat: this.#beat, at: clock.now() });
    onBeat?.();
  }

  /** Remembers since when each agent has been silent; those that are not there any more are forgotten. */
  #look({ agents }: Fleet): void {
    const now = this.#options.clock.monotonic();
    this.#seen = new Map(
      agents.map(({ instance, beat, name, state }) => {
        const known = this.#seen.get(instance);
        return [instance, known?.beat === beat ? known : { beat, since: now, name, state }];
      }),
    );
  }

  #isAlive(instance: string): boolean {
    const sighting = this.#seen.get(instance);
    return sighting?.state === 'working' && this.#isHeardOf(sighting);
  }

  #isHeardOf(sighting: Sighting): boolean {
    const { name, beatMs, leaseMs } = this.#options;
    const patienceMs = sighting.name === name ? Math.min(NAMESAKE_BEATS * beatMs, leaseMs) : leaseMs;
    return this.#silentMs(sighting) < patienceMs;
  }

  #silentMs({ since }: Sighting): number {
    return this.#options.clock.monotonic() - since;
  }

  /** This agent before its restarts: however often it crashes, it is one agent. */
  async #forgetFormer(): Promise<void> {
    const { fleet, name, instance: me } = this.#options;
    const former = [...this.#seen].filter(
      ([instance, seen]) =>
        instance !== me && seen.name === name && (seen.state === 'stopped' || !this.#isHeardOf(seen)),
    );
    await Promise.all(former.map(([instance]) => fleet.forget(instance)));
  }

  async #take(leases: readonly ShardLease[]): Promise<readonly ShardLease[]> {
    const { fleet, name, instance } = this.#options;
    const holder = { name, instance };
    const taken = await Promise.all(leases.map((lease) => fleet.pass(lease, holder)));
    return leases.filter((_, index) => taken[index]).map((lease) => ({ ...lease, holder, epoch: lease.epoch + 1 }));
  }

  async #giveUpAll(): Promise<void> {
    const { fleet } = this.#options;
    await Promise.all([...this.#held.values()].map((lease) => fleet.pass(lease, undefined)));
  }

  /** What fails here, others find out by its silence. */
  async #lastWord(state: AgentState, ...besides: readonly Promise<void>[]): Promise<void> {
    try {
      await Promise.all([this.#say(state), ...besides]);
    } catch (error) {
      this.#options.log.warn('shards.not-released', { error: describeError(error) });
    }
  }
}
