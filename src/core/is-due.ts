import type { QueuedRun } from './run.ts';

/** Whether the run may be launched as far as its own time goes. */
export function isDue({ notBefore }: Pick<QueuedRun, 'notBefore'>, now: number): boolean {
  return notBefore <= now;
}
