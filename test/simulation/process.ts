import { setMaxListeners } from 'node:events';
import type { Clock } from '../../src/service/clock.ts';
import type { EventQueue } from './event-queue.ts';
import { Random } from './random.ts';

export interface ProcessOptions {
  readonly name: string;
  /** Of its wall clock, in milliseconds; its monotonic clock is right. */
  readonly skewMs: number;
  readonly seed: number;
}

/**
 * An agent, a worker, or a person at the command line. Nothing reaches its code but through `deliver`: so it can be
 * killed at any `await`, with all that it knows, while what it has sent is under way; and paused, and go on unaware of it.
 */
export class Process {
  readonly name: string;
  readonly clock: Clock;
  skewMs: number;
  readonly #queue: EventQueue;
  #isAlive = true;
  #pausedUntil = 0;

  constructor(queue: EventQueue, { name, skewMs, seed }: ProcessOptions) {
    this.name = name;
    this.skewMs = skewMs;
    this.#queue = queue;
    const random = new Random(seed, 'clock', name, queue.now);
    this.clock = {
      now: () => queue.now + this.skewMs,
      monotonic: () => queue.now,
      sleep: (ms, stop) => this.#sleep(ms, stop),
      random: () => random.next(),
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  kill(): void {
    this.#isAlive = false;
  }

  pause(ms: number): void {
    this.#pausedUntil = this.#queue.now + ms;
  }

  /** Lets the process go on with `resume`: now, when its pause is over, or never. */
  deliver(resume: () => void): void {
    if (!this.#isAlive) return;
    const waitMs = this.#pausedUntil - this.#queue.now;
    if (waitMs > 0) this.#queue.in(waitMs, () => this.deliver(resume));
    else resume();
  }

  #sleep(ms: number, stop: AbortSignal): Promise<void> {
    if (stop.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const onAbort = (): void => {
        wake.cancelled = true;
        resolve();
      };
      const wake = this.#queue.in(ms, () => {
        stop.removeEventListener('abort', onAbort);
        this.deliver(resolve);
      });
      // All workers of a world wait in one process of ours, some of them on one signal.
      setMaxListeners(0, stop);
      stop.addEventListener('abort', onAbort, { once: true });
    });
  }
}
