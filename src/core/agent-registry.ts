/** What an agent says of itself, once a minute. */
export interface AgentRow {
  readonly name: string;
  /** Of the process: a restarted agent is another one under the same name. */
  readonly instance: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly state: 'working' | 'draining' | 'stopped';
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly seenAt: number;
  readonly labels: readonly string[];
  readonly queues: readonly string[];
  /** Runs in flight that it has launched. */
  readonly ownRuns: number;
  readonly flows: number;
}

/** Who works on a table of runs: for people, nothing rests on it. */
export interface AgentRegistry {
  beat(row: AgentRow): Promise<void>;
  /** The agents of the last day, by name. */
  list(): Promise<readonly AgentRow[]>;
}
