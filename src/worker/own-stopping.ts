import type { Stopping } from './stopping.ts';

/** A stop that the worker itself may ask for, beside whoever sends it signals. */
export class OwnStopping implements Stopping {
  readonly #outer: Stopping;
  readonly #own = new AbortController();
  readonly signal: AbortSignal;
  readonly hurry: AbortSignal;
  #reason: string | undefined;

  constructor(outer: Stopping) {
    this.#outer = outer;
    this.signal = AbortSignal.any([outer.signal, this.#own.signal]);
    this.hurry = outer.hurry;
  }

  /** Asks for the end, once; `reason` completes "interrupted: …". */
  ask(reason: string): void {
    if (this.signal.aborted) return;
    this.#reason = reason;
    this.#own.abort();
  }

  by(): NodeJS.Signals {
    return this.#outer.by();
  }

  reason(): string | undefined {
    return this.#reason;
  }
}
