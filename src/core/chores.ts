/** What agents do now and then, beside the runs. */
export type ChoreName = 'orphans' | 'definitions' | 'retention';

/** What is known of a chore: who did it last, and how it went. Times are epoch milliseconds. */
export interface ChoreRecord {
  readonly chore: ChoreName;
  /** What it was done for, where it is done apart for several: a cluster, a prefix of families. */
  readonly part: string;
  /** The moment at which it was due. */
  readonly beat: number;
  /** The agent's name. */
  readonly by: string;
  readonly beganAt: number;
  readonly endedAt?: number;
  /** Missing while it is under way, and where its agent died over it. */
  readonly outcome?: 'done' | 'failed';
  /** What was done, or what went wrong. */
  readonly words?: string;
}

/** Where agents settle who does a chore, and say what came of it. */
export interface ChoreBook {
  /**
   * Takes the chore for its beat: undefined if somebody has begun it for this beat or a later one. Any number of agents
   * may ask; one of them does it.
   */
  begin(record: ChoreRecord): Promise<BegunChore | undefined>;
  /** All that is known, one record for each chore and part. */
  read(): Promise<readonly ChoreRecord[]>;
}

export interface BegunChore {
  /** Says what came of it. */
  end(ending: Required<Pick<ChoreRecord, 'endedAt' | 'outcome' | 'words'>>): Promise<void>;
  /** It was not done after all: whoever comes next takes it for the same beat. */
  giveBack(): Promise<void>;
}
