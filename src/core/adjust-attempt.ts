import type { FailureCode } from './failure-codes.ts';
import type { AttemptRecord } from './run.ts';

/** What a flow wants changed for the next attempt, so that the same thing does not end it again. */
export interface AdjustmentRules {
  /** After an attempt that ran out of memory: profiles, the first retry's first; or twice the memory each time. */
  readonly escalate: readonly string[] | 'double';
  /** After so many Spot interruptions, capacity that is not taken away. */
  readonly onDemandAfter?: number;
}

/** How an attempt differs from what files and request say. */
export interface Adjustment {
  readonly profile?: string;
  /** How often the memory is doubled. */
  readonly doublings?: number;
  readonly onDemand?: boolean;
}

/** Killed for its memory, as ECS tells it, or killed by nobody known, which mostly is the same (exit code 137). */
const OUT_OF_MEMORY: ReadonlySet<FailureCode> = new Set(['OUT_OF_MEMORY', 'KILLED']);

export function isOutOfMemory(code: FailureCode): boolean {
  return OUT_OF_MEMORY.has(code);
}

/** What is to be changed after these attempts. Pure: any agent comes to the same. */
export function adjustmentAfter(
  attempts: readonly Pick<AttemptRecord, 'reason'>[],
  { escalate, onDemandAfter }: AdjustmentRules,
): Adjustment {
  const outOfMemory = attempts.filter(({ reason }) => isOutOfMemory(reason.code)).length;
  const interrupted = attempts.filter(({ reason }) => reason.code === 'SPOT_INTERRUPTION').length;
  return {
    ...(outOfMemory === 0 ? {} : largerSize(escalate, outOfMemory)),
    ...(onDemandAfter !== undefined && interrupted >= onDemandAfter ? { onDemand: true } : {}),
  };
}

function largerSize(escalate: AdjustmentRules['escalate'], times: number): Adjustment {
  if (escalate === 'double') return { doublings: times };
  const profile = escalate[Math.min(times, escalate.length) - 1];
  return profile === undefined ? {} : { profile };
}

/** The adjustment in words, for the history of the run; undefined if there is none. */
export function adjustmentText({ profile, doublings, onDemand }: Adjustment): string | undefined {
  const words = [
    ...(profile === undefined ? [] : [`profile ${profile}`]),
    ...(doublings === undefined ? [] : [`memory × ${2 ** doublings}`]),
    ...(onDemand ? ['on-demand capacity'] : []),
  ];
  return words.length === 0 ? undefined : words.join(', ');
}
