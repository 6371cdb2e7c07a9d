import type { QueuedSkip } from '../core/run-store.ts';
import type { Clock } from '../service/clock.ts';

interface Rest {
  readonly until: number;
  /** Of the limits that a free place ends the rest of. */
  readonly keys: readonly string[];
}

/** What is left alone for a while, because nothing would come of it now: single runs, and lanes as a whole. */
export class Resting implements QueuedSkip {
  readonly #clock: Clock;
  readonly #runs = new Map<string, Rest>();
  readonly #lanes = new Map<string, Rest>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  run(runId: string): boolean {
    return this.#isResting(this.#runs, runId);
  }

  lane(lane: string): boolean {
    return this.#isResting(this.#lanes, lane);
  }

  restRun(runId: string, ms: number, keys: readonly string[] = []): void {
    this.#runs.set(runId, { until: this.#clock.monotonic() + ms, keys });
  }

  restLane(lane: string, ms: number, keys: readonly string[] = []): void {
    this.#lanes.set(lane, { until: this.#clock.monotonic() + ms, keys });
  }

  /** Ends the rest of those that wait for a place under one of these limits; tells whether there were any. */
  wake(keys: readonly string[]): boolean {
    let woken = false;
    for (const rests of [this.#runs, this.#lanes]) {
      for (const [name, rest] of rests) {
        if (rest.keys.some((key) => keys.includes(key))) woken = rests.delete(name) || woken;
      }
    }
    return woken;
  }

  #isResting(rests: Map<string, Rest>, name: string): boolean {
    const rest = rests.get(name);
    if (rest === undefined) return false;
    if (this.#clock.monotonic() < rest.until) return true;
    rests.delete(name);
    return false;
  }

  /** Forgets rests that have ended, of those that nobody asks about any more too. */
  prune(): void {
    for (const rests of [this.#runs, this.#lanes]) for (const name of rests.keys()) this.#isResting(rests, name);
  }
}
