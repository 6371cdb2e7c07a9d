import type { LocalClock } from './service.ts';

/** The computer's clock. */
export const systemClock: LocalClock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
