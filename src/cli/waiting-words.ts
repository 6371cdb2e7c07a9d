import type { FlowRun } from '../core/run.ts';
import { dayAndClockText } from './print-time.ts';

/** What a run that has not begun waits for, as far as its record tells; undefined for one that waits for nobody. */
export function waitingWords(run: FlowRun | undefined, queueUrl: string, now: number): string | undefined {
  if (run === undefined) {
    return `waits: no agent has taken the request from ${queueUrl} yet. Does one run? slipway agent start (or slipway dev)`;
  }
  if (run.status !== 'QUEUED') return undefined;
  if (run.waiting !== undefined) {
    const { code, message, evidence } = run.waiting;
    return `waits: ${code} ${message}${evidence === undefined ? '' : ` (${evidence})`}`;
  }
  if (run.notBefore > now) return `waits: not to start before ${dayAndClockText(run.notBefore)}`;
  const { labels } = run.request;
  const fitting = labels.length === 0 ? 'an agent with room' : `an agent with room and the labels ${labels.join(', ')}`;
  return `waits: on record, and for ${fitting}`;
}
