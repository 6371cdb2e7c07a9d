import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { FlowRun } from '../core/run.ts';
import type { RunPage, RunQuery } from '../core/run-store.ts';
import { batchGetRuns, type RunTable } from './batch-get-runs.ts';
import { isoTime } from './run-item.ts';

const DAY_MS = 86_400_000;

/** Without `since`, a listing of all flows goes back so far. */
const DEFAULT_SPAN_MS = 31 * DAY_MS;

/** Where to read: one key of an index, the entries before `below`. */
interface Position {
  readonly hash: string;
  readonly below: string;
}

/** Runs, the newest first: of one flow from the index of flows, of all flows day by day. */
export async function listRuns(table: RunTable, query: RunQuery): Promise<RunPage> {
  const runs: FlowRun[] = [];
  let position: Position | undefined = startOf(query);
  while (position !== undefined && runs.length < query.limit) {
    const page: IndexPage = await readIndex(table, query, position);
    runs.push(...page.runs.filter((run) => matches(run, query)));
    position = page.next;
  }
  const shown = runs.slice(0, query.limit);
  const last = shown.at(-1);
  const more = runs.length > shown.length || position !== undefined;
  return last !== undefined && more ? { runs: shown, cursor: timeKeyOf(last) } : { runs: shown };
}

function startOf({ flow, until, cursor }: RunQuery): Position {
  const below = cursor ?? `${isoTime(until)}#~`;
  return { hash: flow ?? below.slice(0, 10), below };
}

interface IndexPage {
  readonly runs: readonly FlowRun[];
  readonly next: Position | undefined;
}

async function readIndex(table: RunTable, query: RunQuery, position: Position): Promise<IndexPage> {
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.table,
      IndexName: query.flow === undefined ? 'byDay' : 'byFlow',
      KeyConditionExpression: '#hash = :hash AND timeKey < :below',
      ExpressionAttributeNames: { '#hash': query.flow === undefined ? 'dayKey' : 'flowKey' },
      ExpressionAttributeValues: { ':hash': position.hash, ':below': position.below },
      ScanIndexForward: false,
      Limit: Math.min(query.limit, 100),
    }),
  );
  const ids = Items.map(({ PK }) => String(PK).slice('RUN#'.length));
  const last = Items.at(-1);
  const next =
    LastEvaluatedKey !== undefined && last !== undefined
      ? { hash: position.hash, below: String(last.timeKey) }
      : nextKey(query, position);
  return { runs: await batchGetRuns(table, ids), next: isTooOld(query, next) ? undefined : next };
}

/** A flow has one key; days follow each other backwards. Any time of a day sorts after the day's own name. */
function nextKey(query: RunQuery, { hash }: Position): Position | undefined {
  if (query.flow !== undefined) return undefined;
  return { hash: isoTime(Date.parse(hash) - DAY_MS).slice(0, 10), below: hash };
}

function isTooOld(query: RunQuery, position: Position | undefined): boolean {
  return position !== undefined && position.below < isoTime(oldest(query));
}

function matches(run: FlowRun, query: RunQuery): boolean {
  return (query.status === undefined || run.status === query.status) && run.requestedAt >= oldest(query);
}

function oldest({ since, until, flow }: RunQuery): number {
  return since ?? (flow === undefined ? until - DEFAULT_SPAN_MS : 0);
}

function timeKeyOf(run: FlowRun): string {
  return `${isoTime(run.requestedAt)}#${run.runId}`;
}
