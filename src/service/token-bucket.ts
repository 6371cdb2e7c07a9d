import type { Clock } from './clock.ts';

export interface TokenBucketOptions {
  readonly clock: Clock;
  /** Tokens a second; 0 or less means no limit. */
  readonly perSecond: number;
  /** Tokens that may be taken at once after a pause. */
  readonly burst: number;
}

/** Lets through so many a second; the others wait their turn, in order. */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  /** Monotonic time at which the bucket would be full again. */
  #fullAt = 0;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
  }

  /** Resolves when a token is taken, or when `stop` is aborted. */
  async take(stop: AbortSignal): Promise<void> {
    const { clock, perSecond, burst } = this.#options;
    if (perSecond <= 0) return;
    const now = clock.monotonic();
    this.#fullAt = Math.max(this.#fullAt, now) + 1000 / perSecond;
    const waitMs = this.#fullAt - now - (burst * 1000) / perSecond;
    if (waitMs > 0) await clock.sleep(waitMs, stop);
  }
}
