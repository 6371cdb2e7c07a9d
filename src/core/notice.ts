import type { FailureCode } from './failure-codes.ts';
import type { FinishedRun } from './run.ts';
import { derivedRunId } from './run-identity.ts';
import type { FinalStatus } from './verdict.ts';

/** What a sink is told: ended runs of one flow. No parameters, no variables, no evidence, no output. */
export interface Notice {
  readonly version: 1;
  /** The same whenever the same is sent again: whoever has seen it may drop it. */
  readonly dedupeKey: string;
  readonly flow: string;
  readonly runs: readonly NoticeRun[];
  /** It is a try of the sink; nothing has happened. */
  readonly isTest?: true;
}

export interface NoticeRun {
  /** `runId/attempt/status/sink` */
  readonly dedupeKey: string;
  readonly runId: string;
  readonly flowVersion: string;
  readonly status: FinalStatus;
  /** It has succeeded, and the run of the flow before it had not. */
  readonly recovered?: true;
  readonly attempt: number;
  readonly code: FailureCode;
  readonly message: string;
  /** ISO 8601. */
  readonly requestedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string;
  /** Commands that tell more. */
  readonly why: string;
  readonly logs: string;
}

/** A message is somebody else's words, of any length. */
const MESSAGE_LENGTH = 500;

/** Says of these runs, which are of one flow, what a sink is told. `recovered` are ids of those that have recovered. */
export function noticeOf(
  flow: string,
  runs: readonly FinishedRun[],
  sink: string,
  recovered: ReadonlySet<string> = new Set(),
): Notice {
  const told = runs.map((run) => noticeRun(run, sink, recovered.has(run.runId)));
  const keys = told.map(({ dedupeKey }) => dedupeKey);
  const dedupeKey = keys.length === 1 ? (keys[0] ?? '') : `digest/${derivedRunId('tick', 'notice', ...keys)}/${sink}`;
  return { version: 1, dedupeKey, flow, runs: told };
}

function noticeRun(run: FinishedRun, sink: string, hasRecovered: boolean): NoticeRun {
  const { runId, attempt, status, reason, startedAt } = run;
  return {
    dedupeKey: `${runId}/${attempt}/${status}/${sink}`,
    runId,
    flowVersion: run.intent?.flowVersion ?? run.request.flowVersion,
    status,
    ...(hasRecovered ? { recovered: true } : {}),
    attempt,
    code: reason.code,
    message: reason.message.slice(0, MESSAGE_LENGTH),
    requestedAt: iso(run.requestedAt),
    startedAt: startedAt === undefined ? null : iso(startedAt),
    finishedAt: iso(run.finishedAt),
    why: `slipway why ${runId}`,
    logs: `slipway logs ${runId}`,
  };
}

/** Others of the same flow that are named. */
const NAMED = 5;

/** The notice as people read it, most important first; the first line is a title. */
export function noticeText({ flow, runs: [first, ...others], isTest }: Notice): string {
  if (first === undefined) return flow;
  const { code, message, runId, attempt, finishedAt, why, logs } = first;
  const more = others.slice(0, NAMED).map((run) => `${wordOf(run)} ${run.runId} (${run.code})`);
  return [
    `${isTest ? 'TEST: ' : ''}${wordOf(first)} ${flow}: ${code}`,
    message,
    `run ${runId}, attempt ${attempt}, ended ${finishedAt}`,
    `${why}    ${logs}`,
    ...(others.length > 0
      ? [`and ${others.length} more: ${more.join(', ')}${others.length > NAMED ? ', …' : ''}`]
      : []),
  ].join('\n');
}

function wordOf({ status, recovered }: NoticeRun): string {
  return recovered ? 'RECOVERED' : status;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
