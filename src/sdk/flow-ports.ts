import type { FlowContext, FlowLog } from './flow-context.ts';
import type { FlowEvent, StepPlace } from './flow-event.ts';
import type { StepStore } from './step-store.ts';

/** The part of a flow's context that is plain data. */
export type RunFacts = Omit<FlowContext, 'parameters' | 'log' | 'report' | 'signal'>;

/** Time and chance, as the executor needs them. */
export interface FlowClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds from an arbitrary start. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when `stop` is aborted. Never rejects. */
  sleep(ms: number, stop: AbortSignal): Promise<void>;
  /** A number from 0 to 1, 1 excluded. */
  random(): number;
}

/** All that a running flow needs of the world. */
export interface FlowPorts {
  readonly facts: RunFacts;
  /** Checked against the flow's schema, defaults filled in. */
  readonly parameters: unknown;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
  readonly store: StepStore;
  readonly clock: FlowClock;
  /** The log for one call of user code. */
  logFor(place: StepPlace & { readonly try: number }): FlowLog;
  /** Told at once and in order; must not throw. */
  emit(event: FlowEvent): void;
  /** Around every call of user code, on top of what the graph allows: p-limit's function fits. */
  limit?<T>(work: () => Promise<T>): Promise<T>;
}
