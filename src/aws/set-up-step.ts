/** What was done, or with a dry run would be done, about one thing that Slipway needs. */
export interface SetUpStep {
  readonly kind: 'table' | 'queue' | 'bucket';
  readonly name: string;
  readonly outcome: 'created' | 'updated' | 'exists';
  /** What was changed beside that, or would be. */
  readonly details: readonly string[];
  /** The queue's address, once there is one. */
  readonly url?: string;
}

export interface SetUpOptions {
  /** Looks only; the steps tell what a real one would do. */
  readonly dryRun: boolean;
  /** Pause between looks at something that AWS is still making. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** Something of that name is there already, and is not what Slipway needs. */
export class SetUpConflict extends Error {
  override readonly name = 'SetUpConflict';
}
