/** A secret that carries the agent's tag. */
export interface TaggedSecret {
  /** As Secrets Manager has it; it is the name of the variable too. */
  readonly name: string;
  readonly arn: string;
}

/** Finds secrets by their tags. */
export interface SecretLister {
  /**
   * The secrets that carry a tag with exactly this key, whatever its value, by name. While nothing changes it is the same
   * list, the very object. Rejects when Secrets Manager cannot be asked.
   */
  listByTag(tag: string): Promise<readonly TaggedSecret[]>;
}
