import type { FlowReport } from './report.ts';

/** Which call of user code something is about: of a step, or of an element of one. */
export interface StepPlace {
  readonly step: string;
  /** The element's place in the list, for a step with `mapOver`. */
  readonly index?: number;
}

/** Where an output comes from: made just now, by an earlier attempt of the run, or by any run with the same cache key. */
export type OutputSource = 'run' | 'store' | 'cache';

/** What happens while a flow runs, in this order for each step; `at` is in epoch milliseconds. */
export type FlowEvent =
  /** `items`: how many elements there are; `kept`: how many of them an earlier attempt has finished. */
  | Event<'step-started', { readonly step: string; readonly items?: number; readonly kept?: number }>
  | Event<'try-started', StepPlace & { readonly try: number }>
  /** Without `retryInMs` it was the last try. */
  | Event<'try-failed', StepPlace & { readonly try: number; readonly error: unknown; readonly retryInMs?: number }>
  | Event<'item-finished', { readonly step: string; readonly index: number } & Finished>
  | Event<'step-finished', { readonly step: string } & Finished>
  | Event<'step-failed', StepPlace & { readonly ms: number; readonly tries: number; readonly error: unknown }>
  | Event<'report', { readonly step?: string; readonly index?: number; readonly report: FlowReport }>;

interface Finished {
  readonly ms: number;
  /** Calls of the step in this attempt; of a step with `mapOver`, of all its elements together. */
  readonly tries: number;
  readonly from: OutputSource;
}

type Event<Kind extends string, Facts> = { readonly kind: Kind; readonly at: number } & Facts;
