import { setTimeout as delay } from 'node:timers/promises';
import type { FlowClock } from './flow-ports.ts';

/** The machine's time, for flows that run in the process of a test. */
export const realClock: FlowClock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
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
