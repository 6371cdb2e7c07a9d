/** Time and chance, as far as retries need them; a `Clock` has both. */
export interface RetryTiming {
  /** Milliseconds from an arbitrary start. */
  monotonic(): number;
  /** A number from 0 to 1. */
  random(): number;
}

/** Retries per call, over the last seconds. */
const SHARE = 0.1;

/** So many retries are always allowed in a window: a program that calls seldom may repeat what failed by chance. */
const FLOOR = 10;

const WINDOW_MS = 10_000;
const SLOTS = 10;

interface Slot {
  readonly from: number;
  calls: number;
  retries: number;
}

/**
 * Bounds what retries add to a service's load: a tenth of the calls of the last ten seconds, or ten retries where that is
 * more. A service that is down is then asked once by each call instead of three times.
 */
export class RetryBudget {
  readonly #timing: RetryTiming;
  #slots: Slot[] = [];

  constructor(timing: RetryTiming) {
    this.#timing = timing;
  }

  /** Counts a call's first sending. */
  noteCall(): void {
    this.#slot().calls += 1;
  }

  /** Whether one more retry may be sent; if so it is counted. */
  spend(): boolean {
    const slot = this.#slot();
    const calls = this.#slots.reduce((sum, each) => sum + each.calls, 0);
    const retries = this.#slots.reduce((sum, each) => sum + each.retries, 0);
    if (retries + 1 > Math.max(FLOOR, calls * SHARE)) return false;
    slot.retries += 1;
    return true;
  }

  #slot(): Slot {
    const now = this.#timing.monotonic();
    const width = WINDOW_MS / SLOTS;
    this.#slots = this.#slots.filter(({ from }) => from > now - WINDOW_MS);
    const last = this.#slots.at(-1);
    if (last !== undefined && now < last.from + width) return last;
    const slot = { from: now, calls: 0, retries: 0 };
    this.#slots.push(slot);
    return slot;
  }
}
