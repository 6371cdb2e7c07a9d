import { setTimeout as delay } from 'node:timers/promises';

/** Time and chance: everything that waits, dates or draws lots asks here, so that a test can decide them. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds from an arbitrary start that no correction of the wall clock moves. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when `stop` is aborted. Never rejects. */
  sleep(ms: number, stop: AbortSignal): Promise<void>;
  /** A number from 0 to 1, 1 excluded. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, stop) => {
    try {
      await delay(ms, undefined, { signal: stop });
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  },
  random: () => Math.random(),
};
