import type { QueuedRun } from './run.ts';
import { base32Hash } from './run-identity.ts';

/** Where a run stands in the queue. Both parts are short, and of letters, digits, `.`, `_`, `-` and `%` only. */
export interface Lane {
  /** Flows take turns. Two whose names look alike here share one. */
  readonly flow: string;
  /** Runs of one lane want the same agents and wait for the same limits: what keeps one of them keeps all of them. */
  readonly lane: string;
}

const MAX_FLOW_CHARACTERS = 80;

/** The lane of a run: by its flow, its labels, and the limits that are known to hold for it. */
export function laneOf({ request, slots = [] }: Pick<QueuedRun, 'request' | 'slots'>): Lane {
  const { flow, labels } = request;
  const keys = slots.map(({ key }) => key).sort();
  const lane = base32Hash(JSON.stringify([flow, [...labels].sort(), keys])).slice(0, 12);
  return { flow: flow.replace(/[^\w.-]/g, '%').slice(0, MAX_FLOW_CHARACTERS), lane };
}
