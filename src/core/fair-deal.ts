/** What is known of a queued run before its record is read. */
export interface QueuedEntry {
  readonly runId: string;
  readonly flow: string;
  readonly lane: string;
  readonly priority: number;
  /** ISO 8601. */
  readonly dueAt: string;
}

/**
 * Picks who is next: the higher priority first; of equal priorities each flow in turn, its oldest run first. Remembers
 * whose turn it was, so that however few are picked at a time, every flow comes up.
 */
export class FairDeal {
  /** Flow → when it was last dealt, counted in entries. */
  #turns: ReadonlyMap<string, number> = new Map();
  #dealt = 0;

  deal<Entry extends QueuedEntry>(entries: readonly Entry[], limit: number): readonly Entry[] {
    const order = [...ranked(entries)]
      .sort(
        ([a, rankA], [b, rankB]) =>
          b.priority - a.priority || rankA - rankB || this.#turnOf(a) - this.#turnOf(b) || byAge(a, b),
      )
      .map(([entry]) => entry);
    const dealt = order.slice(0, limit);
    this.#remember(entries, dealt);
    return dealt;
  }

  #turnOf({ flow }: QueuedEntry): number {
    return this.#turns.get(flow) ?? 0;
  }

  /** Flows that have nothing to deal are forgotten. */
  #remember(entries: readonly QueuedEntry[], dealt: readonly QueuedEntry[]): void {
    const turns = new Map<string, number>();
    for (const entry of entries) turns.set(entry.flow, this.#turnOf(entry));
    for (const { flow } of dealt) {
      this.#dealt += 1;
      turns.set(flow, this.#dealt);
    }
    this.#turns = turns;
  }
}

/** Each entry with its place among those of its flow and priority. */
function* ranked<Entry extends QueuedEntry>(entries: readonly Entry[]): Iterable<readonly [Entry, number]> {
  const counts = new Map<string, number>();
  for (const entry of [...entries].sort(byAge)) {
    const group = `${entry.flow} ${entry.priority}`;
    const rank = counts.get(group) ?? 0;
    counts.set(group, rank + 1);
    yield [entry, rank];
  }
}

function byAge(a: QueuedEntry, b: QueuedEntry): number {
  if (a.dueAt !== b.dueAt) return a.dueAt < b.dueAt ? -1 : 1;
  return a.runId < b.runId ? -1 : 1;
}
