import type { FlowRun } from '../core/run.ts';
import type { TraceEntry } from '../core/trace-run.ts';
import { outputLine } from './output-line.ts';
import { statusText } from './print-status.ts';
import { tableText } from './print-table.ts';
import { clockText } from './print-time.ts';
import { shortIdOf } from './run-id.ts';
import type { Style } from './terminal.ts';

const SOURCES = { slipway: 'SLIPWAY', ecs: 'ECS', output: 'output' } as const satisfies Record<
  TraceEntry['source'],
  string
>;

/** A line for each thing that happened: the time of day, the time since the run was asked for, who tells it, what it is. */
export function traceText(run: FlowRun, entries: readonly TraceEntry[], style: Style): string {
  const { runId, request, status, attempt } = run;
  const head = `${shortIdOf(runId)} ${request.flow}  ${statusText(status, style)}  attempt ${attempt}`;
  return [head, '', tableText(entries.map((entry) => rowOf(entry, attempt, style)))].join('\n');
}

function rowOf({ at, offsetMs, source, by, attempt, what }: TraceEntry, attempts: number, style: Style): string[] {
  return [
    style('dim', `${clockText(at)}.${String(at % 1000).padStart(3, '0')}`),
    `${offsetMs < 0 ? '-' : '+'}${(Math.abs(offsetMs) / 1000).toFixed(3)}s`,
    source === 'output' ? style('dim', SOURCES[source]) : SOURCES[source],
    ...(attempts > 1 ? [`attempt ${attempt}`] : []),
    source === 'output' ? outputLine(what, style) : `${what}${by === '' ? '' : `  ${style('dim', `by ${by}`)}`}`,
  ];
}
