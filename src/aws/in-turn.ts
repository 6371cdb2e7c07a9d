/** Lets those that want the same key work one after the other, in the order in which they came. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Works when everybody before has ended who wants one of these keys. */
  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = keys.flatMap((key) => this.#last.get(key) ?? []);
    const mine = Promise.allSettled(before).then(work);
    for (const key of keys) this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      for (const key of keys) if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
