import type { QueuedEntry } from '../core/fair-deal.ts';
import { laneOf } from '../core/lane.ts';
import type { QueuedRun } from '../core/run.ts';

/**
 * `<flow>#<urgency>#<lane>#<due>#<run>`: what a look at the queue decides by, without reading the run. Flows stand beside each
 * other, in each the urgent first, lane by lane, the oldest first; so a look can leap over what it has seen enough of.
 */
export function queuedKeyOf(run: QueuedRun): string {
  const { flow, lane } = laneOf(run);
  const urgency = String(MAX_PRIORITY - run.request.priority).padStart(4, '0');
  return [flow, urgency, lane, new Date(run.notBefore).toISOString(), run.runId].join('#');
}

/** Priorities go from -1000 to 1000. */
const MAX_PRIORITY = 1_000;

/** Reads {@link queuedKeyOf} back. A key of another making has no due time: it counts as due, and its record tells. */
export function queuedEntryOf(queuedKey: string, runId: string): QueuedEntry {
  const [flow = '', urgency = '', lane = '', dueAt = ''] = queuedKey.split('#');
  return { runId, flow, lane, priority: MAX_PRIORITY - Number(urgency), dueAt };
}

/** After every key of the same flow: `~` is above whatever a key is made of. */
export function afterFlow(queuedKey: string): string {
  return `${queuedKey.split('#', 1).join('#')}#~`;
}

/** After every key of the same flow, urgency and lane. */
export function afterLane(queuedKey: string): string {
  return `${queuedKey.split('#', 3).join('#')}#~`;
}
