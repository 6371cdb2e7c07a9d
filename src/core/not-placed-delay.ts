import type { FailureCode } from './failure-codes.ts';

/** Capacity comes back in minutes, a throttle passes in seconds. */
const CAPACITY = { baseMs: 15_000, maxMs: 120_000 };
const PASSING = { baseMs: 2_000, maxMs: 30_000 };

/**
 * Milliseconds until a launch that was not placed is tried again. Half of the delay is fixed, since nothing is gained by asking
 * for capacity at once; the other half, by a `random` from 0 to 1, spreads those that fail together.
 */
export function notPlacedDelayMs(code: FailureCode, placement: number, random: number): number {
  const { baseMs, maxMs } = code === 'NOT_PLACED' ? CAPACITY : PASSING;
  const ceiling = Math.min(baseMs * 2 ** Math.min(placement, 10), maxMs);
  return Math.round(ceiling * (0.5 + random / 2));
}
