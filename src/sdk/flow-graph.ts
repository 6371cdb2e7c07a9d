import type { Serializer } from './serializer.ts';
import type { AnyStepContext, CacheKeyContext } from './step-context.ts';

declare const TYPES: unique symbol;

/** A flow of steps: what `flow()` makes, and what its module exports by default. Its steps are in an order in which they can run. */
export interface FlowGraph<Parameters = unknown, Output = unknown> {
  /** The format of this value. A built artifact has its own copy of the SDK, so it cannot be told by its class. */
  readonly slipwayFlow: 1;
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  /** The JSON Schema of the parameters. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly steps: readonly StepNode[];
  /** The step whose output is the run's. */
  readonly result?: string;
  /** How many steps may run at once. */
  readonly concurrency: number;
  readonly serializer: Serializer;
  /** Only a type. */
  readonly [TYPES]?: { readonly parameters: Parameters; readonly output: Output };
}

export interface StepNode {
  readonly name: string;
  /** Name of an input → the step whose output it is. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Steps that have to be done before, and whose outputs it does not want. */
  readonly after: readonly string[];
  /** The step whose output is a list: this one is called for each element. */
  readonly mapOver?: string;
  readonly retries: StepRetries;
  /** For each try. */
  readonly timeoutMs?: number;
  /** How many elements at once, with `mapOver`. */
  readonly concurrency: number;
  /** Methods, so that a function for special inputs fits: the executor gives it what its handles stand for. */
  cacheKey?(context: CacheKeyContext & { readonly item?: unknown }): string;
  run(context: AnyStepContext): unknown;
}

export interface StepRetries {
  /** Tries after the first one. */
  readonly max: number;
  /** Before the second try; each later pause is `factor` times as long as the one before, up to `maxDelayMs`. */
  readonly delayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
}

/** Whether a module's default export is a flow of steps. */
export function isFlowGraph(exported: unknown): exported is FlowGraph {
  return typeof exported === 'object' && exported !== null && Reflect.get(exported, 'slipwayFlow') === 1;
}

/** The steps that have to be done before a step can begin, each once. */
export function needsOf({ inputs, after, mapOver }: StepNode): readonly string[] {
  return [...new Set([...Object.values(inputs), ...after, ...(mapOver === undefined ? [] : [mapOver])])];
}
