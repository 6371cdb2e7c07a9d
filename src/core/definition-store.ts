/** Which content has been registered as which task definition. */
export interface DefinitionStore {
  find(hash: string): Promise<RegisteredDefinition | undefined>;
  /** The first to say so wins: resolves to what is on record then. */
  save(definition: RegisteredDefinition): Promise<RegisteredDefinition>;
  /** Takes it off the record, unless the content has been registered anew as something else. */
  forget(hash: string, arn: string): Promise<void>;
}

export interface RegisteredDefinition {
  readonly hash: string;
  readonly family: string;
  readonly arn: string;
  readonly registeredAt: number;
}
