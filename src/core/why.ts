import type { AgentPresence } from './fleet.ts';
import type { FlowRun, RunStatus } from './run.ts';
import type { Heartbeat } from './run-details.ts';
import type { FullSlot } from './slots.ts';
import type { Reason } from './verdict.ts';

/** What an answer rests on: the record, and what it depends on besides. */
export interface WhyFacts {
  readonly run: FlowRun;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly agents: readonly AgentPresence[];
  /** The limits that hold for a queued run, with their holders as they are. */
  readonly limits: readonly FullSlot[];
  /** The last sign of life of a running run's worker. */
  readonly heartbeat?: Heartbeat | undefined;
}

/** Something that has to be so for the run to go on, and whether it is. */
export interface Check {
  readonly isMet: boolean;
  readonly what: string;
  readonly evidence: string;
}

/** Why a run is where it is, and what would change it. */
export interface Why {
  readonly status: RunStatus;
  /** In the order in which they count; of a run that is queued, all that stands between it and its launch. */
  readonly checks: readonly Check[];
  /** What follows from them, in a sentence or two. */
  readonly answer: string;
  /** Why the last launch came to nothing, or why the run ended. */
  readonly reason?: Reason;
  /** What changes it: a command to paste, or a key to edit, and what that does. */
  readonly next: readonly NextStep[];
}

export interface NextStep {
  readonly step: string;
  readonly effect: string;
}

/** The last resort for a run that goes on. */
export function cancelStep(runId: string): NextStep {
  return { step: `slipway runs cancel ${runId}`, effect: 'ends it' };
}

/** A reason in one line, in the words of whoever gave it. */
export function wordsOf({ code, message, evidence }: Reason): string {
  return `${code} ${message}${evidence === undefined ? '' : ` (${evidence})`}`;
}

/** A length of time, to the second. */
export function seconds(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  if (whole < 120) return `${whole} s`;
  return whole < 7_200 ? `${Math.round(whole / 60)} min` : `${Math.round(whole / 3_600)} h`;
}
