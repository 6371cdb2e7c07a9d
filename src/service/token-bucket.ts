import type { Clock } from './clock.ts';
import { createStop } from './create-stop.ts';

export interface TokenBucketOptions {
  readonly clock: Clock;
  /** Tokens a second; 0 or less means no limit. */
  readonly perSecond: number;
  /** Tokens that may be taken at once after a pause. */
  readonly burst: number;
}

/** Who goes first when several wait. */
export type Priority = 'urgent' | 'normal' | 'background';

export interface TakeOptions {
  readonly priority?: Priority;
  /** Does not wait at all for a turn that would come later than this. */
  readonly patienceMs?: number;
}

const ORDER: readonly Priority[] = ['urgent', 'normal', 'background'];

interface Waiter {
  /** Ends the wait; true when the token is theirs. */
  readonly end: (taken: boolean) => void;
}

/** Lets through so many a second; the others wait their turn: the urgent ones first, and those alike in order. */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  readonly #waiting: Readonly<Record<Priority, Set<Waiter>>> = {
    urgent: new Set(),
    normal: new Set(),
    background: new Set(),
  };
  #tokens: number;
  #countedAt: number;
  /** Ends the sleep of whoever serves the waiting; absent while nobody waits. */
  #serving: AbortController | undefined;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#countedAt = options.clock.monotonic();
  }

  /** Resolves to true when a token is taken; to false when `stop` is aborted, or when its turn is too far away. */
  async take(stop: AbortSignal, { priority = 'normal', patienceMs }: TakeOptions = {}): Promise<boolean> {
    if (this.#options.perSecond <= 0) return true;
    if (stop.aborted) return false;
    this.#refill();
    const ahead = this.#ahead(priority);
    if (ahead === 0 && this.#tokens >= 1) {
      this.#tokens -= 1;
      return true;
    }
    if (patienceMs !== undefined && this.#untilMs(ahead + 1) > patienceMs) return false;
    return this.#wait(priority, stop);
  }

  /** Takes back a token that was not used. */
  giveBack(): void {
    this.#tokens = Math.min(this.#tokens + 1, this.#options.burst);
  }

  #wait(priority: Priority, stop: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const queue = this.#waiting[priority];
      const leave = (): void => waiter.end(false);
      const waiter: Waiter = {
        end: (taken) => {
          queue.delete(waiter);
          stop.removeEventListener('abort', leave);
          resolve(taken);
          if (this.#next() === undefined) this.#serving?.abort();
        },
      };
      queue.add(waiter);
      stop.addEventListener('abort', leave, { once: true });
      if (this.#serving === undefined) void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    const serving = createStop();
    this.#serving = serving;
    while (!serving.signal.aborted) {
      await this.#options.clock.sleep(this.#untilMs(1), serving.signal);
      this.#refill();
      for (let waiter = this.#next(); waiter !== undefined && this.#tokens >= 1; waiter = this.#next()) {
        this.#tokens -= 1;
        waiter.end(true);
      }
    }
    this.#serving = undefined;
    // Somebody may have come between the last one's turn and here.
    if (this.#next() !== undefined) void this.#serve();
  }

  #next(): Waiter | undefined {
    const queue = ORDER.map((priority) => this.#waiting[priority]).find(({ size }) => size > 0);
    return queue?.values().next().value;
  }

  /** Those who wait and would be served before one of this priority. */
  #ahead(priority: Priority): number {
    const before = ORDER.slice(0, ORDER.indexOf(priority) + 1);
    return before.reduce((sum, each) => sum + this.#waiting[each].size, 0);
  }

  /** Milliseconds until there are so many tokens, if nobody takes any. */
  #untilMs(tokens: number): number {
    return Math.max(0, Math.ceil(((tokens - this.#tokens) * 1000) / this.#options.perSecond));
  }

  #refill(): void {
    const { clock, perSecond, burst } = this.#options;
    const now = clock.monotonic();
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#countedAt) * perSecond) / 1000);
    this.#countedAt = now;
  }
}
