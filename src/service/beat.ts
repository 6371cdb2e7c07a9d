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
 * Beats at the moments that node-cron names, in UTC. The waiting is ours: node-cron's own timer reads the machine's local
 * time, and where the machine's clocks are put back it stands still for an hour.
 */
export function cronBeats(clock: Clock): Beats {
  return (expression) => {
    const task = cron.createTask(expression, () => undefined, { timezone: 'UTC' });
    return {
      next: async (stop) => {
        const [at] = task.getNextRuns(1);
        if (at === undefined) throw new Error(`"${expression}" never comes`);
        // Longer waits are no timer's: the beat comes too early then, and whoever it wakes looks for nothing.
        await clock.sleep(Math.min(Math.max(at.getTime() - clock.now(), 0), LONGEST_WAIT_MS), stop);
      },
    };
  };
}

/** Node's timers hold 31 bits of milliseconds. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** A beat by a clock of one's own, at whole multiples of `everyMs` since 1970. */
export function clockBeat(clock: Clock, everyMs: number): Beat {
  return { next: (stop) => clock.sleep(everyMs - (clock.now() % everyMs), stop) };
}
