import type { Json } from './json.ts';

/** What is known of a run beside its record: too much, or too often changed, to stand in it. */
export interface RunDetailStore {
  /** Puts steps as they are now; a step of an attempt replaces itself. All that is put may go after `until` (epoch ms). */
  putSteps(runId: string, steps: readonly StepRecord[], until?: number): Promise<void>;
  /** Puts reports; one with the same attempt and number replaces itself, so that saying it again harms nothing. */
  putReports(runId: string, reports: readonly RunReport[], until?: number): Promise<void>;
  putHeartbeat(runId: string, heartbeat: Heartbeat, until?: number): Promise<void>;
  /** Steps of all attempts, attempt by attempt, in the order of the flow. */
  steps(runId: string): Promise<readonly StepRecord[]>;
  /** Reports of all attempts in the order in which they were made; the first `limit` after `cursor`. */
  reports(runId: string, limit: number, cursor?: string): Promise<ReportPage>;
  heartbeat(runId: string): Promise<Heartbeat | undefined>;
  /** Of many runs, perhaps a moment old; runs without one are left out. */
  heartbeats(runIds: readonly string[]): Promise<ReadonlyMap<string, Heartbeat>>;
}

export interface ReportPage {
  readonly reports: readonly RunReport[];
  readonly cursor?: string;
}

/**
 * `KEPT`: an earlier attempt had finished it, and its output is used. `INTERRUPTED`: it ran when its attempt was stopped.
 */
export type StepStatus = 'WAITING' | 'RUNNING' | 'RETRYING' | 'SUCCEEDED' | 'KEPT' | 'FAILED' | 'INTERRUPTED';

/** A step in one attempt. A step with many elements is one record all the same. Times are epoch milliseconds. */
export interface StepRecord {
  readonly attempt: number;
  /** Place in the flow, from 0. */
  readonly order: number;
  readonly step: string;
  readonly status: StepStatus;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** Calls of its function in this attempt. */
  readonly tries: number;
  readonly items?: StepItems;
  readonly progress?: StepProgress;
  /** Why it failed, or why it is tried again: the first line. */
  readonly error?: string;
  /** The output was found under the step's cache key. */
  readonly cached?: true;
}

export interface StepItems {
  readonly total: number;
  /** Finished ones, kept ones included. */
  readonly done: number;
  /** Finished by an earlier attempt. */
  readonly kept: number;
  /** Tries after the first ones. */
  readonly retries: number;
  /** The one that failed for good, if one did. */
  readonly failedIndex?: number;
}

export interface StepProgress {
  readonly done: number;
  readonly total?: number;
  readonly text?: string;
}

/** Something that a flow or program has said about its work, in the words of Dagster Pipes' messages. */
export interface RunReport {
  readonly attempt: number;
  /** Counts the reports of an attempt from 1. */
  readonly number: number;
  /** When it was read or made, in epoch milliseconds. */
  readonly at: number;
  readonly method: ReportMethod;
  /** As it was said; `{s3Uri}` for what does not fit the record. */
  readonly params: Json;
  readonly step?: string;
  /** The element's place, of a step with many. */
  readonly index?: number;
}

/** The seven methods of Dagster Pipes, and `report_progress` of flows without steps. */
export const REPORT_METHODS = [
  'opened',
  'closed',
  'log',
  'report_asset_materialization',
  'report_asset_check',
  'report_custom_message',
  'log_external_stream',
  'report_progress',
] as const;

export type ReportMethod = (typeof REPORT_METHODS)[number];

/** The worker's sign of life. */
export interface Heartbeat {
  readonly attempt: number;
  readonly taskArn: string;
  /** Counts the beats of the attempt: who watches need not trust two clocks. */
  readonly count: number;
  readonly at: number;
}
