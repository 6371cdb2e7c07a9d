import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Json } from '../core/json.ts';
import type { QueuedRun } from '../core/run.ts';
import { derivedRunId } from '../core/run-identity.ts';
import type { Schedule } from '../core/schedules/schedule.ts';
import { isoSeconds } from '../core/schedules/tick-values.ts';
import { runTickOf, tickRequest } from '../templates/tick-request.ts';
import type { AcceptDeps } from './accept-message.ts';

/** The id of the run that a tick makes, whichever agent makes it. */
export function tickRunId(schedule: Pick<Schedule, 'id'>, tick: number): string {
  return derivedRunId('tick', schedule.id, isoSeconds(tick));
}

export interface TickRunContext {
  readonly now: number;
  readonly by: string;
  /** The tick's own id if left out. */
  readonly runId?: string;
  /** As for the run of a message. */
  readonly needsOf?: AcceptDeps['needsOf'];
}

/** The run of a tick, as it is put on record. */
export function tickRun(schedule: Schedule, tick: number, context: TickRunContext): QueuedRun {
  const { now, by, runId = tickRunId(schedule, tick), needsOf } = context;
  const runTick = runTickOf(schedule, tick);
  const due = tick + jitterOf(schedule, tick);
  // Said in the request too, so that the wait for it does not count against the flow's queue timeout.
  const request = { ...tickRequest(schedule, runTick, runId), ...(due > tick ? { notBefore: due } : {}) };
  return {
    runId,
    version: 1,
    request,
    bodyHash: createHash('sha256')
      .update(canonicalJson(request as unknown as Json))
      .digest('hex'),
    requestedAt: now,
    tick: runTick,
    attempt: 1,
    attempts: [],
    history: [{ status: 'QUEUED', attempt: 1, at: now, by }],
    status: 'QUEUED',
    notBefore: Math.max(now, due),
    placement: 0,
    ...needsOf?.(request, runId),
  };
}

/** Drawn from the tick's identity, so that every agent draws the same. */
function jitterOf({ id, jitterMs }: Schedule, tick: number): number {
  if (jitterMs === 0) return 0;
  const drawn = createHash('sha256').update(`jitter\n${id}\n${tick}`).digest().readUInt32BE(0);
  return Math.floor((drawn / 2 ** 32) * jitterMs);
}
