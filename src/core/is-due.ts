import { hasBegun, type QueuedRun } from './run.ts';

/** Whether the run may be launched as far as its own time goes. */
export function isDue({ notBefore }: Pick<QueuedRun, 'notBefore'>, now: number): boolean {
  return notBefore <= now;
}

/** Whether its producer wants it no more: it was to start before now, and no code of it has begun. */
export function isExpired(run: QueuedRun, now: number): boolean {
  const { expiresAt } = run.request;
  return expiresAt !== undefined && now >= expiresAt && !hasBegun(run);
}
