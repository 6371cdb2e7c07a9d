interface Entry<Item> {
  readonly order: number;
  readonly item: Item;
  gone: boolean;
}

/** A page of a {@link PagedSet}: `next` is where to go on, undefined at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: number | undefined;
}

/** A set in the order of insertion from which pages can be read without walking over the pages before. */
export class PagedSet<Item> {
  #entries: Entry<Item>[] = [];
  readonly #byItem = new Map<Item, Entry<Item>>();
  #order = 0;

  get size(): number {
    return this.#byItem.size;
  }

  add(item: Item): void {
    if (this.#byItem.has(item)) return;
    const entry = { order: ++this.#order, item, gone: false };
    this.#entries.push(entry);
    this.#byItem.set(item, entry);
  }

  delete(item: Item): void {
    const entry = this.#byItem.get(item);
    if (!entry) return;
    entry.gone = true;
    this.#byItem.delete(item);
    if (this.#entries.length > 64 && this.#entries.length > 2 * this.#byItem.size) {
      this.#entries = this.#entries.filter(({ gone }) => !gone);
    }
  }

  /** Up to `limit` items that pass, beginning behind `after` (0 for the first page). */
  page(after: number, limit: number, passes: (item: Item) => boolean): Page<Item> {
    const items: Item[] = [];
    for (let at = this.#firstBehind(after); at < this.#entries.length; at += 1) {
      const entry = this.#entries[at];
      if (!entry || entry.gone || !passes(entry.item)) continue;
      if (items.length === limit) return { items, next: entry.order - 1 };
      items.push(entry.item);
    }
    return { items, next: undefined };
  }

  #firstBehind(order: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.order ?? 0) <= order) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
