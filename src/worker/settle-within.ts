import type { Clock } from '../service/clock.ts';

/** Waits for the work, but no longer than `ms` and not beyond `hurry`; leaves no timer behind. */
export async function settleWithin(
  clock: Clock,
  ms: number,
  hurry: AbortSignal,
  work: Promise<unknown>,
): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, clock.sleep(ms, AbortSignal.any([done.signal, hurry]))]);
  done.abort();
}
