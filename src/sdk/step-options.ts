import { type Duration, durationMs } from './duration.ts';
import type { StepRetries } from './flow-graph.ts';
import type { CacheKeyContext } from './step-context.ts';
import type { Inputs, OutputsOf, StepHandle } from './step-handle.ts';

/** How a step is run, and on what it waits. */
export interface StepOptions<Parameters = unknown, I extends Inputs = Inputs> {
  /** Handles of earlier steps: their outputs are there under the same names when the step is called. */
  readonly inputs?: I;
  /** Earlier steps that have to be done first, and whose outputs are not wanted. */
  readonly after?: readonly StepHandle[];
  /** How often, and after which pauses, a step that has thrown is called again. A number: so often, after a second at first. */
  readonly retries?: number | RetryOptions;
  /** For each try: when it is up the try has failed, and its `signal` is aborted. */
  readonly timeout?: Duration;
  /**
   * Runs of this flow share the output under this key: a step whose key is known is not called. The key has to name all that
   * the output depends on.
   */
  cacheKey?(context: CacheKeyContext<Parameters, OutputsOf<I>>): string;
}

/** The same for a step that is called once for each element of a list. */
export interface MapOptions<Parameters = unknown, I extends Inputs = Inputs, Item = unknown>
  extends Omit<StepOptions<Parameters, I>, 'cacheKey'> {
  /** The step whose output is the list. */
  readonly mapOver: StepHandle<readonly Item[]>;
  /** How many elements at once; 8 if left out. */
  readonly concurrency?: number;
  cacheKey?(context: CacheKeyContext<Parameters, OutputsOf<I>> & { readonly item: Item }): string;
}

export interface RetryOptions {
  /** Tries after the first one. */
  readonly max: number;
  /** Before the second try; 1s if left out. A part of every pause is chance, so that many do not come at once. */
  readonly delay?: Duration;
  /** By how much each pause is longer than the one before; 2 if left out. */
  readonly factor?: number;
  /** No pause is longer; 1m if left out. */
  readonly maxDelay?: Duration;
}

/** A flow that its author has to mend before it can be built or run. */
export class FlowDefinitionError extends Error {
  override readonly name = 'FlowDefinitionError';
}

const MAX_RETRIES = 100;
const MAX_CONCURRENCY = 10_000;

/** Steps and elements at once, where nobody says how many. */
export const DEFAULT_CONCURRENCY = 8;

/** The retries that an option means; throws when it makes no sense. `what` names the step. */
export function retriesOf(option: number | RetryOptions | undefined, what: string): StepRetries {
  const { max, delay = '1s', factor = 2, maxDelay = '1m' } = typeof option === 'object' ? option : { max: option ?? 0 };
  if (!Number.isInteger(max) || max < 0 || max > MAX_RETRIES) {
    throw new FlowDefinitionError(`${what}: retries has to be a whole number from 0 to ${MAX_RETRIES}, not ${max}`);
  }
  if (!(factor >= 1 && factor <= 10)) throw new FlowDefinitionError(`${what}: retries.factor has to be from 1 to 10`);
  const delayMs = durationOf(delay, `${what}: retries.delay`);
  return { max, factor, delayMs, maxDelayMs: Math.max(durationOf(maxDelay, `${what}: retries.maxDelay`), delayMs) };
}

/** Milliseconds; throws for what is no duration. */
export function durationOf(text: string, what: string): number {
  const ms = typeof text === 'string' ? durationMs(text) : undefined;
  if (ms === undefined) {
    throw new FlowDefinitionError(`${what} has to be a duration such as 500ms, 30s, 10m or 2h, not ${String(text)}`);
  }
  return ms;
}

/** How many at once; throws for what is no such number. */
export function concurrencyOf(option: number | undefined, what: string): number {
  const count = option ?? DEFAULT_CONCURRENCY;
  if (Number.isInteger(count) && count >= 1 && count <= MAX_CONCURRENCY) return count;
  throw new FlowDefinitionError(
    `${what}: concurrency has to be a whole number from 1 to ${MAX_CONCURRENCY}, not ${count}`,
  );
}
