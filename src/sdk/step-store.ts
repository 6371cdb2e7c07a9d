/**
 * Where outputs of finished steps are kept, so that an attempt goes on where the one before has ended. What `save` and
 * `saveItem` resolve to is the output as it would be loaded: later steps see the same, whether the flow was resumed or not.
 */
export interface StepStore {
  /** The output of a step that this run has finished already. */
  load(step: string): Promise<Kept | undefined>;
  save(step: string, output: unknown): Promise<unknown>;
  /** Outputs of elements that this run has finished already, of a step with `mapOver`, by their place. */
  loadItems(step: string): Promise<ReadonlyMap<number, unknown>>;
  saveItem(step: string, index: number, output: unknown): Promise<unknown>;
  /** The output that any run of the flow has kept under the step's cache key. */
  loadCached(step: string, key: string): Promise<Kept | undefined>;
  saveCached(step: string, key: string, output: unknown): Promise<void>;
}

/** Around an output, which may be undefined. */
export interface Kept {
  readonly output: unknown;
}
