/** The program that an agent is. */
export interface AgentProcess {
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** `draining` takes no more work, and brings what it holds to an end; `stopped` has come to its own. */
export type AgentState = 'working' | 'draining' | 'stopped';

/** What an agent says of itself while it lives: to the other agents, and to people who ask which there are. */
export interface AgentPresence {
  readonly name: string;
  /** Of the agent's process: a restarted agent is another one under the same name. */
  readonly instance: string;
  readonly state: AgentState;
  readonly process: AgentProcess;
  readonly labels: readonly string[];
  readonly strictLabels: boolean;
  /** URLs of the queues that it takes requests from. */
  readonly queues: readonly string[];
  /** How many flows it knows. */
  readonly flows: number;
  /** Names of the sinks that it can tell of the ends of runs. */
  readonly sinks: readonly string[];
  /** Runs in flight that it launched, and how many it may have. */
  readonly inFlight: number;
  readonly concurrentRuns: number;
  readonly launchesPerSecond: number;
  /** Grows with every sign of life. Others go by its growing, on their own clocks. */
  readonly beat: number;
  /** Epoch milliseconds by the agent's clock, for people. */
  readonly at: number;
}

/** Which agent watches a shard of the runs in flight. */
export interface ShardLease {
  readonly shard: string;
  /** Undefined once its holder has given it up. */
  readonly holder?: { readonly name: string; readonly instance: string };
  /** Grows with each change of hands; 0 for a shard that nobody has ever held. */
  readonly epoch: number;
}

/** The agents of a table, and what each of them watches. */
export interface Fleet {
  readonly agents: readonly AgentPresence[];
  /** One for each shard. */
  readonly leases: readonly ShardLease[];
}

/** An agent is told of for so long after its last word. */
export const REMEMBERED_MS = 86_400_000;

/** Where agents find each other. Leases save double work and are no lock: every step of a run is conditional on its record. */
export interface FleetStore {
  /** A strongly consistent read. */
  read(): Promise<Fleet>;
  /** A sign of life, or the last word of an agent that stops. */
  beat(agent: AgentPresence): Promise<void>;
  /** The agent is told of no more, from now on and not only after {@link REMEMBERED_MS}. */
  forget(instance: string): Promise<void>;
  /** Gives the lease to a holder, or to nobody; false if it has changed hands since it was read. */
  pass(lease: ShardLease, holder: ShardLease['holder']): Promise<boolean>;
}
