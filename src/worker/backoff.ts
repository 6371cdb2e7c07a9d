import type { Clock } from '../service/clock.ts';

/** Milliseconds before try `tries + 1`: doubles from a quarter of a second up to ten, half of it chance. */
export function backoffMs(tries: number, random: number): number {
  const ceiling = Math.min(250 * 2 ** Math.min(tries - 1, 16), 10_000);
  return Math.round(ceiling * (0.5 + random / 2));
}

/** Waits before the next try; ends early when `stop` is aborted. */
export function backOff(clock: Clock, tries: number, stop: AbortSignal): Promise<void> {
  return clock.sleep(backoffMs(tries, clock.random()), stop);
}
