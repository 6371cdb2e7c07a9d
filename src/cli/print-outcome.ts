import { FAILURE_CODES } from '../core/failure-codes.ts';
import type { FinishedRun } from '../core/run.ts';
import { ageText, statusText } from './print-status.ts';
import { shortIdOf } from './run-id.ts';
import type { Style } from './terminal.ts';

/** How a run ended: one line if all is well; else what happened, the evidence, and what to do next. */
export function outcomeText(run: FinishedRun, style: Style): string {
  const name = shortIdOf(run.runId);
  const head = `${statusText(run.status, style)} in ${ageText(run, run.finishedAt)}   ${name} ${run.request.flow}`;
  if (run.status === 'SUCCEEDED') return head;
  const { code, message, evidence } = run.reason;
  return [
    `${head}   ${code}`,
    `  ${message}`,
    ...(evidence === undefined ? [] : [`  evidence  ${evidence}`]),
    ...(run.attempt > 1 ? [`  history   it was tried ${run.attempt} times`] : []),
    `  next      ${FAILURE_CODES[code].advice}`,
    ...(run.task === undefined ? [] : [`            slipway logs ${name}`]),
  ].join('\n');
}
