import type { FlowRun } from '../core/run.ts';
import { waitReasonOf } from '../core/wait-reason-of.ts';
import { dayAndClockText } from './print-time.ts';
import { printable } from './printable.ts';

/** Agents need so long to see a run that nothing stands in the way of. */
const SOON_MS = 5_000;

/** What a run that has not begun waits for, as far as its record tells; undefined for one that waits for nobody. */
export function waitingWords(run: FlowRun | undefined, queueUrl: string, now: number): string | undefined {
  if (run === undefined) {
    return `waits: no agent has taken the request from ${queueUrl} yet. Does one run? slipway agent start (or slipway dev)`;
  }
  const wait = waitOf(run, now);
  return wait && `waits: ${wait}`;
}

/** What a run on record waits for; undefined for one that waits for nobody, or has waited for an agent only just now. */
export function notableWait(run: FlowRun, now: number): string | undefined {
  const queuedAt = run.history.at(-1)?.at ?? run.requestedAt;
  const isNew = run.status === 'QUEUED' && run.waiting === undefined && run.notBefore <= now;
  return isNew && now - queuedAt < SOON_MS ? undefined : waitOf(run, now);
}

function waitOf(run: FlowRun, now: number): string | undefined {
  const reason = waitReasonOf(run);
  if (reason !== undefined) {
    const { code, message, evidence } = reason;
    return printable(`${code} ${message}${evidence === undefined ? '' : ` (${evidence})`}`);
  }
  if (run.status !== 'QUEUED') return undefined;
  if (run.notBefore > now) return `not to start before ${dayAndClockText(run.notBefore)}`;
  const { labels } = run.request;
  return labels.length === 0 ? 'for an agent with room' : `for an agent with room and the labels ${labels.join(', ')}`;
}
