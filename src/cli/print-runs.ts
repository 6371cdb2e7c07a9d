import type { FlowRun } from '../core/run.ts';
import { ageText, statusText } from './print-status.ts';
import { tableText } from './print-table.ts';
import { dayAndClockText } from './print-time.ts';
import { shortIdOf } from './run-id.ts';
import { reasonOf } from './run-record.ts';
import type { Style } from './terminal.ts';
import { notableWait } from './waiting-words.ts';

/** A line for each run under a line of titles. */
export function runsText(runs: readonly FlowRun[], style: Style, now: number): string {
  const titles = ['RUN', 'FLOW', 'STATUS', 'TRY', 'REQUESTED', 'TOOK', 'REASON'].map((title) => style('dim', title));
  return tableText([titles, ...runs.map((run) => rowOf(run, style, now))]);
}

function rowOf(run: FlowRun, style: Style, now: number): string[] {
  return [
    shortIdOf(run.runId),
    run.request.flow,
    statusText(run.status, style),
    String(run.attempt),
    dayAndClockText(run.requestedAt),
    ageText(run, now),
    whyText(run, now),
  ];
}

/** Why the run is where it is: the code, as the page of the run has the words; what it waits for, if there is no code. */
function whyText(run: FlowRun, now: number): string {
  const code = reasonOf(run)?.code;
  if (code !== undefined) return code === 'SUCCEEDED' ? '' : code;
  const wait = notableWait(run, now);
  return wait === undefined ? '' : `waits ${wait}`;
}
