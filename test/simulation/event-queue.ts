/** Something that is to happen; cancelled, it does not. */
export interface Scheduled {
  cancelled: boolean;
}

interface Entry extends Scheduled {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Every simulated world begins at this moment. */
export const BEGINNING = Date.UTC(2026, 0, 1);

/** Node runs the next tick only when no promise can go on any more: a turn of the event loop would do, but costs more. */
function microtasksToEnd(): Promise<void> {
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}

/**
 * Virtual time: it moves only from one scheduled event to the next. Between two events all promises that can go on do so,
 * so one event's consequences are over before the next event happens, and the same events make the same history.
 */
export class EventQueue {
  #now = BEGINNING;
  #order = 0;
  readonly #heap: Entry[] = [];

  /** Epoch milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** Happens `ms` from now; of those at one moment, in the order in which they were asked for. */
  in(ms: number, run: () => void): Scheduled {
    this.#order += 1;
    const entry = { at: this.#now + Math.max(0, ms), order: this.#order, run, cancelled: false };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    return entry;
  }

  /** Lets time pass until `isOver` or until nothing is left to happen. */
  async drive(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const next = this.#pop();
      if (next === undefined) return;
      if (next.cancelled) continue;
      this.#now = next.at;
      next.run();
      await microtasksToEnd();
    }
  }

  #pop(): Entry | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(start: number): void {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfEarlier(at, parent)) return;
      at = parent;
    }
  }

  #sink(start: number): void {
    for (let at = start; ; ) {
      const left = 2 * at + 1;
      const child = this.#isEarlier(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfEarlier(child, at)) return;
      at = child;
    }
  }

  #isEarlier(a: number, b: number): boolean {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return false;
    return first.at < second.at || (first.at === second.at && first.order < second.order);
  }

  #swapIfEarlier(a: number, b: number): boolean {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined || !this.#isEarlier(a, b)) return false;
    this.#heap[a] = second;
    this.#heap[b] = first;
    return true;
  }
}
