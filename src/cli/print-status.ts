import { type FlowRun, isFinished, type RunStatus } from '../core/run.ts';
import { durationText } from './print-time.ts';
import type { Style } from './terminal.ts';

const LOOKS = {
  QUEUED: ['○', 'dim'],
  LAUNCHING: ['●', 'cyan'],
  STARTING: ['●', 'cyan'],
  RUNNING: ['●', 'blue'],
  SUCCEEDED: ['✔', 'green'],
  FAILED: ['✘', 'red'],
  CRASHED: ['✘', 'magenta'],
  CANCELLED: ['■', 'yellow'],
  EXPIRED: ['✘', 'yellow'],
} as const satisfies Record<RunStatus, readonly [string, string]>;

/** `✔ SUCCEEDED`, in the colour of the status. */
export function statusText(status: RunStatus, style: Style): string {
  const [mark, colour] = LOOKS[status];
  return style(colour, `${mark} ${status}`);
}

/** How long the run took, or has taken so far, since it was asked for. */
export function ageText(run: FlowRun, now: number): string {
  return durationText((isFinished(run) ? run.finishedAt : now) - run.requestedAt);
}
