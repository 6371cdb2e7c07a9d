import type { RunReport, StepItems, StepRecord, StepStatus } from '../core/run-details.ts';
import { tableText } from './print-table.ts';
import { clockText, durationText } from './print-time.ts';
import type { Style } from './terminal.ts';

const LOOKS = {
  WAITING: ['○', 'dim'],
  RUNNING: ['●', 'blue'],
  RETRYING: ['●', 'yellow'],
  SUCCEEDED: ['✔', 'green'],
  KEPT: ['✔', 'dim'],
  FAILED: ['✘', 'red'],
  INTERRUPTED: ['■', 'yellow'],
} as const satisfies Record<StepStatus, readonly [string, string]>;

/** A line for each step: how it is, how long it took, how many of its elements are done, why it failed. */
export function stepsText(steps: readonly StepRecord[], style: Style, now: number): string {
  return tableText(steps.map((step) => stepRow(step, style, now)));
}

function stepRow(step: StepRecord, style: Style, now: number): string[] {
  const { status, startedAt, finishedAt = now, items, tries, cached, error, progress } = step;
  const [mark, colour] = LOOKS[status];
  const notes = [
    items && itemsText(items),
    items === undefined && tries > 1 ? `${tries} tries` : undefined,
    cached && 'from its cache',
    progress &&
      `${progress.done}${progress.total === undefined ? '' : `/${progress.total}`} ${progress.text ?? ''}`.trim(),
    error,
  ];
  const took = startedAt === undefined || status === 'KEPT' ? '' : durationText(finishedAt - startedAt);
  return ['', style(colour, `${mark} ${status}`), step.step, took, notes.filter(Boolean).join(', ')];
}

function itemsText({ total, done, kept, retries, failedIndex }: StepItems): string {
  const more = [
    kept > 0 && `${kept} kept`,
    retries > 0 && `${retries} tried again`,
    failedIndex !== undefined && `element ${failedIndex} failed`,
  ].filter(Boolean);
  return `${done}/${total} elements${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}

/** A line for each report: when, of which step, and what was said. */
export function reportsText(reports: readonly RunReport[], columns: number): string {
  return tableText(
    reports.map(({ at, method, params, step = '', index }) => {
      const place = index === undefined ? step : `${step}[${index}]`;
      const said = JSON.stringify(params);
      return ['', clockText(at), place, method, said.length > columns ? `${said.slice(0, columns)}…` : said];
    }),
  );
}
