import type { DefinitionStore, RegisteredDefinition } from '../../src/core/definition-store.ts';

export class MemoryDefinitionStore implements DefinitionStore {
  readonly #byHash = new Map<string, RegisteredDefinition>();

  async find(hash: string): Promise<RegisteredDefinition | undefined> {
    return this.#byHash.get(hash);
  }

  async save(definition: RegisteredDefinition): Promise<RegisteredDefinition> {
    const first = this.#byHash.get(definition.hash);
    if (first) return first;
    this.#byHash.set(definition.hash, definition);
    return definition;
  }

  async forget(hash: string, arn: string): Promise<void> {
    if (this.#byHash.get(hash)?.arn === arn) this.#byHash.delete(hash);
  }
}
