import type { FlowRun } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import { type FullSlot, heldSlots } from '../core/slots.ts';

export interface LeakedSlotsOptions {
  readonly store: RunStore;
  readonly now: () => number;
}

/** So often at most are the holders of one limit looked at. */
const LOOK_EVERY_MS = 60_000;

/**
 * Takes slots back from runs that do not hold them by their records: a record that was deleted by hand, a run that an older
 * version has ended. A full limit is when it matters, so that is when it looks.
 */
export class LeakedSlots {
  readonly #options: LeakedSlotsOptions;
  readonly #lookedAt = new Map<string, number>();

  constructor(options: LeakedSlotsOptions) {
    this.#options = options;
  }

  /** Resolves to the number of places that are free again; 0 also for a limit that was looked at just now. */
  async free({ key, holders }: FullSlot): Promise<number> {
    const { store } = this.#options;
    if (!this.#isDue(key)) return 0;
    const runs = new Map((await store.getMany(holders)).map((run) => [run.runId, run]));
    const leaked = holders.filter((runId) => !holds(runs.get(runId), key));
    const freed = await Promise.all(leaked.map((runId) => store.freeSlot(key, runId, runs.get(runId))));
    return freed.filter(Boolean).length;
  }

  #isDue(key: string): boolean {
    const now = this.#options.now();
    for (const [other, at] of this.#lookedAt) if (now - at >= LOOK_EVERY_MS) this.#lookedAt.delete(other);
    if (this.#lookedAt.has(key)) return false;
    this.#lookedAt.set(key, now);
    return true;
  }
}

function holds(run: FlowRun | undefined, key: string): boolean {
  return run !== undefined && heldSlots(run).some((slot) => slot.key === key);
}
