import { laneOf } from '../core/lane.ts';
import { NewerRecord } from '../core/newer-record.ts';
import { type FlowRun, isFinished, isInFlight, rankOf } from '../core/run.ts';
import { inFlightShardOf, shardOf } from '../core/shards.ts';
import { queuedKeyOf } from './queued-key.ts';
import { startLimitMark } from './start-limit-mark.ts';

/** What this version understands. It grows with every change of the record that an older reader would take for something else. */
const READER = 1;

/** Records written by this version can be read by readers from this version on. Fields that are only added need no new one. */
const MIN_READER = 1;

/** Queued runs are spread over so many index keys, by flow: one key takes 1 000 writes a second at most. */
export const QUEUED_SHARDS: readonly string[] = ['0', '1', '2', '3'];

/**
 * A run as a DynamoDB item. What people look for stands beside it in attributes of its own; the record itself is JSON
 * text: DynamoDB's own maps end at 32 levels and at 38 digits, and a frozen request must come back byte for byte.
 */
export interface RunItem {
  readonly PK: string;
  readonly SK: 'RUN';
  readonly runId: string;
  readonly flow: string;
  readonly status: string;
  readonly attempt: number;
  readonly rank: number;
  readonly version: number;
  readonly minReader: number;
  /** Of the writer of this version: tells a lost answer to our own write from a lost race. */
  readonly nonce: string;
  readonly requestedAt: string;
  readonly taskArn?: string;
  readonly reason?: string;
  readonly record: string;
  readonly flowKey: string;
  readonly dayKey: string;
  readonly timeKey: string;
  readonly queuedShard?: string;
  readonly queuedKey?: string;
  readonly inFlightShard?: string;
  readonly inFlightKey?: string;
}

export function runKey(runId: string): { PK: string; SK: 'RUN' } {
  return { PK: `RUN#${runId}`, SK: 'RUN' };
}

export function toItem(run: FlowRun, nonce: string): RunItem {
  const requestedAt = isoTime(run.requestedAt);
  return {
    ...runKey(run.runId),
    runId: run.runId,
    flow: run.request.flow,
    status: run.status,
    attempt: run.attempt,
    rank: rankOf(run.status),
    version: run.version,
    minReader: MIN_READER,
    nonce,
    requestedAt,
    ...visibleFacts(run),
    record: JSON.stringify(run),
    flowKey: run.request.flow,
    dayKey: requestedAt.slice(0, 10),
    timeKey: `${requestedAt}#${run.runId}`,
    ...workKeys(run),
  };
}

/** The run of an item; throws for an item that is not a run's, and a {@link NewerRecord} for one that is not for us. */
export function fromItem(item: Readonly<Record<string, unknown>>): FlowRun {
  const { record, minReader } = item;
  if (typeof record !== 'string') throw new Error(`item ${String(item.PK)} holds no run`);
  if (typeof minReader === 'number' && minReader > READER) throw new NewerRecord(String(item.runId), minReader, READER);
  return JSON.parse(record) as FlowRun;
}

function visibleFacts(run: FlowRun): Pick<RunItem, 'taskArn' | 'reason'> {
  const task = 'task' in run ? run.task : undefined;
  return {
    ...(task === undefined ? {} : { taskArn: task.taskArn }),
    ...(isFinished(run) ? { reason: `${run.reason.code}: ${run.reason.message}` } : {}),
  };
}

/** Present only while there is work to do: the indexes hold no finished run. */
function workKeys(run: FlowRun): Pick<RunItem, 'queuedShard' | 'queuedKey' | 'inFlightShard' | 'inFlightKey'> {
  if (run.status === 'QUEUED') {
    const lane = { queuedShard: shardOf(laneOf(run).flow, QUEUED_SHARDS), queuedKey: queuedKeyOf(run) };
    return { ...lane, ...startLimitMark(run) };
  }
  return isInFlight(run) ? { inFlightShard: inFlightShardOf(run.runId), inFlightKey: run.runId } : {};
}

/** Sorts as text in the order of time. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
