import { hasBegun, type QueuedRun } from './run.ts';

/** The moment from which on a queued run is not to be launched any more (epoch milliseconds), and why. */
export interface StartLimit {
  readonly at: number;
  readonly why: string;
}

/** The sooner of what its producer and its flow say; undefined for a run that may wait for ever. */
export function startLimitOf(run: QueuedRun): StartLimit | undefined {
  const [first, second] = [producerLimit(run), flowLimit(run)];
  return first !== undefined && second !== undefined ? (first.at <= second.at ? first : second) : (first ?? second);
}

/** Why the run is too late to be launched; undefined while it is not. */
export function latenessOf(run: QueuedRun, now: number): string | undefined {
  const limit = startLimitOf(run);
  return limit !== undefined && now >= limit.at ? limit.why : undefined;
}

/** A run that has begun in time is not late because its next attempt is. */
function producerLimit(run: QueuedRun): StartLimit | undefined {
  const { expiresAt } = run.request;
  if (expiresAt === undefined || hasBegun(run)) return undefined;
  return { at: expiresAt, why: `It was to start before ${new Date(expiresAt).toISOString()}.` };
}

/** The wait between two attempts counts for nothing. */
function flowLimit({ attempt, requestedAt, request, queueTimeoutMs }: QueuedRun): StartLimit | undefined {
  if (attempt > 1 || queueTimeoutMs === undefined) return undefined;
  const why = `It waited longer than the ${queueTimeoutMs / 1000} s that its flow allows.`;
  return { at: Math.max(requestedAt, request.notBefore ?? 0) + queueTimeoutMs, why };
}
