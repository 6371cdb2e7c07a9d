import { Cron } from 'croner';
import { err, ok, type Result } from '../result.ts';

/** A cron expression that has been understood. */
export interface CronPattern {
  /** Five fields, or seven with seconds and years, in croner's own words. */
  readonly pattern: string;
  /** Whether the hour field lets every hour or every n-th hour through: such a schedule goes by real time. */
  readonly byRealTime: boolean;
  /** The first local time after `local` that matches; both as if they were UTC. Undefined when none is left. */
  next(local: number): number | undefined;
}

/** The wish for a time that no year has, such as February 30, is told from any year before this one. */
const BEFORE_ALL = Date.UTC(1969, 11, 31);

/**
 * Reads fields with croner. It is only asked for local times: which instants those are is the schedule's own rule, and
 * UTC has no summer time to be clever about.
 */
export function compileCron(fields: readonly string[], years?: string): Result<CronPattern, string> {
  const pattern = years === undefined ? fields.join(' ') : `0 ${fields.join(' ')} ${years}`;
  try {
    const cron = new Cron(pattern, { mode: years === undefined ? '5-part' : '7-part', utcOffset: 0 });
    const next = (local: number): number | undefined => cron.nextRun(new Date(local))?.getTime();
    if (next(BEFORE_ALL) === undefined) return err('never fires: there is no such day');
    return ok({ pattern, byRealTime: /^\*(?:\/\d+)?$/.test(fields[1] ?? ''), next });
  } catch (error) {
    return err(error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error));
  }
}
