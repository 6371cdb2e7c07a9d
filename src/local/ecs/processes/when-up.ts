import type { LocalClock } from '../../service.ts';
import { isBusy } from './process-identity.ts';

const AFTER_MS = 500;
const EVERY_MS = 100;
const AT_MOST_MS = 5_000;

/**
 * Calls back when a program is past its start: when it has lived for half a second and waits for something, or has
 * ended. Age alone does not tell, as a program may start slowly because others do; but one that computes for five
 * seconds on end is taken for at work.
 */
export function whenUp(pid: number, clock: LocalClock, tell: () => void, livedMs = AFTER_MS): void {
  clock.after(livedMs === AFTER_MS ? AFTER_MS : EVERY_MS, () => {
    if (livedMs >= AT_MOST_MS || !isBusy(pid)) tell();
    else whenUp(pid, clock, tell, livedMs + EVERY_MS);
  });
}
