import { IndexedHeap } from './indexed-heap.ts';

/** A FIFO message as remembered for five minutes, also when it has been deleted. */
export interface RememberedSend {
  readonly key: string;
  readonly at: number;
  readonly id: string;
  readonly seq: number;
}

/** SQS Developer Guide, "Exactly-once processing": the deduplication interval. */
const WINDOW_MS = 5 * 60_000;

/** Recognises messages that are sent twice within the deduplication interval. */
export class DedupWindow {
  readonly #sends = new Map<string, RememberedSend>();
  readonly #oldest = new IndexedHeap<RememberedSend>((a, b) => a.at < b.at);

  remember(send: RememberedSend): void {
    const before = this.#sends.get(send.key);
    if (before !== undefined) this.#oldest.remove(before);
    this.#sends.set(send.key, send);
    this.#oldest.add(send);
  }

  find(key: string, now: number): RememberedSend | undefined {
    this.#forgetBefore(now - WINDOW_MS);
    return this.#sends.get(key);
  }

  all(): Iterable<RememberedSend> {
    return this.#sends.values();
  }

  #forgetBefore(time: number): void {
    for (let send = this.#oldest.first(); send !== undefined && send.at <= time; send = this.#oldest.first()) {
      this.#oldest.remove(send);
      this.#sends.delete(send.key);
    }
  }
}
