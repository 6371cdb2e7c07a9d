import type { KeyRange } from './dynalite.ts';

interface Chunk<Value> {
  readonly keys: string[];
  readonly values: Value[];
}

const CHUNK_SIZE = 512;

/**
 * A map in the order of its keys. It is a list of short sorted arrays: a change moves at most one short array, and a
 * walk is a loop over arrays. It must not be changed during a walk.
 */
export class SortedMap<Value> {
  readonly #chunks: Chunk<Value>[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): Value | undefined {
    const chunk = this.#chunks[this.#chunkOf(key)];
    if (chunk === undefined) return undefined;
    const at = lowerBound(chunk.keys, key);
    return chunk.keys[at] === key ? chunk.values[at] : undefined;
  }

  set(key: string, value: Value): void {
    const index = Math.min(this.#chunkOf(key), this.#chunks.length - 1);
    const chunk = this.#chunks[index];
    if (chunk === undefined) {
      this.#chunks.push({ keys: [key], values: [value] });
      this.#size += 1;
      return;
    }
    const at = lowerBound(chunk.keys, key);
    if (chunk.keys[at] === key) {
      chunk.values[at] = value;
      return;
    }
    chunk.keys.splice(at, 0, key);
    chunk.values.splice(at, 0, value);
    this.#size += 1;
    if (chunk.keys.length > CHUNK_SIZE) this.#split(index, chunk);
  }

  delete(key: string): void {
    const index = this.#chunkOf(key);
    const chunk = this.#chunks[index];
    if (chunk === undefined) return;
    const at = lowerBound(chunk.keys, key);
    if (chunk.keys[at] !== key) return;
    chunk.keys.splice(at, 1);
    chunk.values.splice(at, 1);
    this.#size -= 1;
    if (chunk.keys.length === 0) this.#chunks.splice(index, 1);
  }

  /** The values of a range, in the order of their keys or, with `reverse`, against it. */
  *range(range: KeyRange = {}): Generator<Value> {
    let left = range.limit === undefined || range.limit < 0 ? Number.POSITIVE_INFINITY : range.limit;
    for (const value of this.#within(range)) {
      if (left <= 0) return;
      left -= 1;
      yield value;
    }
  }

  *#within(range: KeyRange): Generator<Value> {
    const [isEarly, isPast] = range.reverse ? [isAbove, isBelow] : [isBelow, isAbove];
    const entries = range.reverse ? this.#downFrom(range.lt ?? range.lte) : this.#upFrom(range.gt ?? range.gte ?? '');
    for (const [key, value] of entries) {
      if (isPast(key, range)) return;
      if (!isEarly(key, range)) yield value;
    }
  }

  /** The entries from a key on. */
  *#upFrom(from: string): Generator<readonly [string, Value]> {
    for (let index = this.#chunkOf(from); index < this.#chunks.length; index += 1) {
      const chunk = this.#chunks[index] ?? EMPTY;
      for (let at = lowerBound(chunk.keys, from); at < chunk.keys.length; at += 1) yield* entryAt(chunk, at);
    }
  }

  /** The entries from a key, or from the end, down. */
  *#downFrom(from: string | undefined): Generator<readonly [string, Value]> {
    const last = this.#chunks.length - 1;
    for (let index = from === undefined ? last : Math.min(this.#chunkOf(from), last); index >= 0; index -= 1) {
      const chunk = this.#chunks[index] ?? EMPTY;
      const end = chunk.keys.length - 1;
      const start = from === undefined ? end : Math.min(lowerBound(chunk.keys, from), end);
      for (let at = start; at >= 0; at -= 1) yield* entryAt(chunk, at);
    }
  }

  /** The first chunk that ends at or after the key; the number of chunks if none does. */
  #chunkOf(key: string): number {
    let [low, high] = [0, this.#chunks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const last = this.#chunks[middle]?.keys.at(-1);
      if (last !== undefined && last < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #split(index: number, chunk: Chunk<Value>): void {
    const half = chunk.keys.length >>> 1;
    this.#chunks.splice(index + 1, 0, { keys: chunk.keys.splice(half), values: chunk.values.splice(half) });
  }
}

const EMPTY: Chunk<never> = { keys: [], values: [] };

function* entryAt<Value>({ keys, values }: Chunk<Value>, at: number): Generator<readonly [string, Value]> {
  const [key, value] = [keys[at], values[at]];
  if (key !== undefined && value !== undefined) yield [key, value];
}

function lowerBound(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBelow(key: string, { gt, gte }: KeyRange): boolean {
  return (gt !== undefined && key <= gt) || (gte !== undefined && key < gte);
}

function isAbove(key: string, { lt, lte }: KeyRange): boolean {
  return (lt !== undefined && key >= lt) || (lte !== undefined && key > lte);
}
