import type { FlowContext } from './flow-context.ts';
import type { Report } from './report.ts';

/** What a step is told and given each time it is called. */
export interface StepContext<Parameters = unknown, Given = unknown> extends FlowContext<Parameters> {
  readonly step: string;
  /** Counts the calls of this step in this attempt from 1: a step that is tried again sees 2. */
  readonly try: number;
  /** The outputs of the steps whose handles it was given, by the same names. */
  readonly inputs: Given;
  readonly report: Report;
  /** Aborted when the run is stopped, and when the time of this try is up. */
  readonly signal: AbortSignal;
}

/** The same for a step with `mapOver`, which is called once for each element. */
export interface ItemContext<Parameters = unknown, Given = unknown, Item = unknown>
  extends StepContext<Parameters, Given> {
  readonly item: Item;
  /** The element's place in the list, from 0. */
  readonly index: number;
}

/** What the key of a step's cache may depend on. */
export type CacheKeyContext<Parameters = unknown, Given = unknown> = Pick<
  StepContext<Parameters, Given>,
  'parameters' | 'inputs' | 'flowVersion' | 'step'
>;

/** Either, as the executor has it. */
export interface AnyStepContext extends StepContext {
  readonly item?: unknown;
  readonly index?: number;
}
