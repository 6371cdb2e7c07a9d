import type { FlowRun } from '../core/run.ts';
import type { Why } from '../core/why.ts';
import { ageText, statusText } from './print-status.ts';
import { tableText } from './print-table.ts';
import { shortIdOf } from './run-id.ts';
import type { Style } from './terminal.ts';

/** What the run waits for or why it ended: the checks, what follows from them, and what changes it. */
export function whyText(run: FlowRun, why: Why, style: Style, now: number): string {
  const head = `${shortIdOf(run.runId)} ${run.request.flow} is ${statusText(run.status, style)}, ${ageText(run, now)} since it was asked for`;
  const checks = why.checks.map(({ isMet, what, evidence }) => [
    '',
    isMet ? style('green', '✔') : style('red', '✘'),
    what,
    evidence,
  ]);
  const next = why.next.map(({ step, effect }) => ['', '', step, style('dim', effect)]);
  return [
    head,
    ...(checks.length === 0 ? [] : ['', tableText(checks)]),
    '',
    why.answer,
    ...(next.length === 0 ? [] : ['', tableText(next)]),
  ].join('\n');
}
