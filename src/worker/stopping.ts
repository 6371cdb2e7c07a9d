import { constants } from 'node:os';
import { type SignalSource, stopOnSignals } from '../service/stop-on-signals.ts';
import type { Ending } from './ending.ts';

/** The wish of somebody outside that the worker ends: ECS's SIGTERM (cancel, Spot, StopTask), or Ctrl-C by hand. */
export interface Stopping {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Aborted by the second one. */
  readonly hurry: AbortSignal;
  /** The first signal's name; SIGTERM as long as there was none. */
  by(): NodeJS.Signals;
  /** Why, if it was not a signal from outside. */
  reason?(): string | undefined;
}

export function listenForStop(source: SignalSource): Stopping {
  let first: NodeJS.Signals = 'SIGTERM';
  const { stop, hurry } = stopOnSignals(source, (signal) => {
    first = signal;
  });
  return { signal: stop.signal, hurry, by: () => first };
}

/** ECS kills a container so long after SIGTERM, unless its definition says otherwise (API `ContainerDefinition`, `stopTimeout`). */
const STOP_TIMEOUT_MS = 30_000;

/** What the final record takes. */
const RECORDING_MS = 5_000;

/** How long a program may go on after a signal. */
export function graceMs(stopTimeoutMs = STOP_TIMEOUT_MS): number {
  return Math.max(0, stopTimeoutMs - RECORDING_MS);
}

/** Exit code of a process that a signal ended, as shells and containers tell it. */
export function signalExitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

export function interrupted(stopping: Stopping): Ending {
  const signal = stopping.by();
  const reason = stopping.reason?.();
  const message = reason === undefined ? `interrupted by ${signal} before it had ended` : `interrupted: ${reason}`;
  return { kind: 'interrupted', exitCode: signalExitCode(signal), message };
}
