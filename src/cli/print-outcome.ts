import { adviceOn } from '../core/advice.ts';
import type { PriceOverride } from '../core/fargate-price.ts';
import type { FinishedRun } from '../core/run.ts';
import { runCost } from '../core/run-cost.ts';
import { costText } from './print-cost.ts';
import { ageText, statusText } from './print-status.ts';
import { shortIdOf } from './run-id.ts';
import type { Style } from './terminal.ts';

/** How a run ended: one line if all is well; else what happened, the evidence, and what to do next. */
export function outcomeText(run: FinishedRun, style: Style, prices: PriceOverride = {}): string {
  const name = shortIdOf(run.runId);
  const cost = run.attempts.length === 0 ? undefined : costText(runCost(run, prices));
  const took = `${ageText(run, run.finishedAt)}${cost === undefined ? '' : `, ${cost}`}`;
  const head = `${statusText(run.status, style)} in ${took}   ${name} ${run.request.flow}`;
  if (run.status === 'SUCCEEDED') return head;
  const { code, message, evidence } = run.reason;
  return [
    `${head}   ${code}`,
    `  ${message}`,
    ...(evidence === undefined ? [] : [`  evidence  ${evidence}`]),
    ...(run.attempt > 1 ? [`  history   it was tried ${run.attempt} times`] : []),
    `  next      ${adviceOn(run.reason)}`,
    ...(run.task === undefined ? [] : [`            slipway logs ${name}`]),
  ].join('\n');
}
