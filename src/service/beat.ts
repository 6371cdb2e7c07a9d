import cron from 'node-cron';
import type { Clock } from './clock.ts';

/** Something that comes again and again. */
export interface Beat {
  /** Resolves at the next beat, or when `stop` is aborted. Never rejects. A beat that nobody waits for is lost. */
  next(stop: AbortSignal): Promise<void>;
}

/** Beats at the moments of a cron expression, in UTC. */
export type Beats = (expression: string) => Beat;

/**
 * A beat by node-cron. Always in UTC, which has no summer time: in other zones node-cron leaves out what a change of the
 * clocks leaves out.
 */
export const cronBeat: Beats = (expression) => ({
  next: (stop) =>
    new Promise((resolve) => {
      if (stop.aborted) return resolve();
      const finish = (): void => {
        stop.removeEventListener('abort', finish);
        void task.destroy();
        resolve();
      };
      const task = cron.schedule(expression, finish, { timezone: 'UTC', suppressMissedWarning: true });
      stop.addEventListener('abort', finish, { once: true });
    }),
});

/** A beat by a clock of one's own, at whole multiples of `everyMs` since 1970. */
export function clockBeat(clock: Clock, everyMs: number): Beat {
  return { next: (stop) => clock.sleep(everyMs - (clock.now() % everyMs), stop) };
}
