import type { FlowRun } from '../core/run.ts';
import { ageText, statusText } from './print-status.ts';
import { tableText } from './print-table.ts';
import { dayAndClockText } from './print-time.ts';
import { shortIdOf } from './run-id.ts';
import { reasonOf } from './run-record.ts';
import type { Style } from './terminal.ts';

/** A line for each run under a line of titles. */
export function runsText(runs: readonly FlowRun[], style: Style, now: number): string {
  const titles = ['RUN', 'FLOW', 'STATUS', 'TRY', 'REQUESTED', 'TOOK', 'REASON'].map((title) => style('dim', title));
  return tableText([titles, ...runs.map((run) => rowOf(run, style, now))]);
}

function rowOf(run: FlowRun, style: Style, now: number): string[] {
  const reason = reasonOf(run);
  return [
    shortIdOf(run.runId),
    run.request.flow,
    statusText(run.status, style),
    String(run.attempt),
    dayAndClockText(run.requestedAt),
    ageText(run, now),
    reason === undefined || reason.code === 'SUCCEEDED' ? '' : reason.code,
  ];
}
