/** A secret that carries the agent's tag. */
export interface TaggedSecret {
  /** As Secrets Manager has it; it is the name of the variable too. */
  readonly name: string;
  readonly arn: string;
}

/** Finds secrets by their tags. */
export interface SecretLister {
  /**
   * The secrets that carry a tag with exactly this key. ListSecrets' own filter matches prefixes, in any order and up to five
   * minutes late (API ListSecrets), so an implementation looks at each secret's tags itself.
   */
  listByTag(tag: string): Promise<readonly TaggedSecret[]>;
}
