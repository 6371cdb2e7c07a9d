import { createStop } from './create-stop.ts';

/** The part of `process` that signals come from. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

export interface StopOnSignals {
  /** Aborted by the first SIGTERM or SIGINT: stop taking work, finish what is in hand. */
  readonly stop: AbortController;
  /** Aborted by the second one: leave at once. */
  readonly hurry: AbortSignal;
  /** Stops listening. */
  release(): void;
}

export function stopOnSignals(source: SignalSource, onFirst?: (signal: NodeJS.Signals) => void): StopOnSignals {
  const stop = createStop();
  const hurry = new AbortController();
  const listener = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) {
      hurry.abort();
    } else {
      onFirst?.(signal);
      stop.abort();
    }
  };
  source.on('SIGTERM', listener);
  source.on('SIGINT', listener);
  return {
    stop,
    hurry: hurry.signal,
    release: () => {
      source.off('SIGTERM', listener);
      source.off('SIGINT', listener);
    },
  };
}
