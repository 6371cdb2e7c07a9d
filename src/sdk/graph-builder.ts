import type { StepNode } from './flow-graph.ts';
import type { CacheKeyContext, ItemContext, StepContext } from './step-context.ts';
import { type Inputs, type OutputsOf, StepHandle } from './step-handle.ts';
import {
  concurrencyOf,
  durationOf,
  FlowDefinitionError,
  type MapOptions,
  retriesOf,
  type StepOptions,
} from './step-options.ts';

/** Adds a step to the graph that is being built; the handle stands for its output. */
export interface StepMaker<Parameters = unknown> {
  /** A step with `mapOver` is called for each element; its output is the list of what the calls returned, in order. */
  <Item, Output, I extends Inputs = Record<never, StepHandle>>(
    name: string,
    options: MapOptions<Parameters, I, Item>,
    run: (context: ItemContext<Parameters, OutputsOf<I>, Item>) => Output | Promise<Output>,
  ): StepHandle<readonly Output[]>;
  <Output, I extends Inputs = Record<never, StepHandle>>(
    name: string,
    options: StepOptions<Parameters, I>,
    run: (context: StepContext<Parameters, OutputsOf<I>>) => Output | Promise<Output>,
  ): StepHandle<Output>;
}

/** Of a step's options, as they come: a flow in JavaScript may have said anything. */
export interface GivenOptions
  extends Omit<StepOptions, 'cacheKey'>,
    Partial<Pick<MapOptions, 'mapOver' | 'concurrency'>> {
  cacheKey?(context: CacheKeyContext): string;
}

/** Safe as a part of a file's name and of a key, everywhere. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const OPTIONS: ReadonlySet<string> = new Set([
  'inputs',
  'after',
  'retries',
  'timeout',
  'cacheKey',
  'mapOver',
  'concurrency',
] satisfies (keyof GivenOptions)[]);

/** Gathers the steps of one flow. A handle exists only after its step does, so the graph can have no cycle. */
export class GraphBuilder {
  readonly #flow: string;
  readonly #steps: StepNode[] = [];
  readonly #handles = new Set<unknown>();
  #isClosed = false;

  constructor(flow: string) {
    this.#flow = flow;
  }

  get steps(): readonly StepNode[] {
    return this.#steps;
  }

  /** Adds a step; throws for one that cannot be run. */
  add<Output>(name: string, options: GivenOptions, run: unknown): StepHandle<Output> {
    this.#checkName(name);
    const what = `step ${name}`;
    checkOptions(what, options);
    const { inputs = {}, after = [], mapOver, retries, timeout, concurrency, cacheKey } = options;
    if (mapOver === undefined && concurrency !== undefined) {
      throw new FlowDefinitionError(
        `${what}: concurrency is for a step with mapOver; a flow has a concurrency of its own`,
      );
    }
    this.#steps.push({
      name,
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([key, handle]) => [key, this.#stepOf(handle, `${what}: ${key}`)]),
      ),
      after: after.map((handle) => this.#stepOf(handle, `${what}: after`)),
      ...(mapOver === undefined ? {} : { mapOver: this.#stepOf(mapOver, `${what}: mapOver`) }),
      retries: retriesOf(retries, what),
      ...(timeout === undefined ? {} : { timeoutMs: durationOf(timeout, `${what}: timeout`) }),
      concurrency: concurrencyOf(concurrency, what),
      ...(cacheKey === undefined ? {} : { cacheKey }),
      run: functionOf(run, what),
    });
    const handle = new StepHandle<Output>(name);
    this.#handles.add(handle);
    return handle;
  }

  /** Takes what `build` returned: no more steps after this. Resolves to the name of the result's step. */
  close(result: unknown): string | undefined {
    this.#isClosed = true;
    if (this.#steps.length === 0) throw new FlowDefinitionError(`flow ${this.#flow} has no steps`);
    if (result === undefined) return undefined;
    if (result instanceof Promise) {
      result.catch(() => undefined);
      throw new FlowDefinitionError(
        `flow ${this.#flow}: build may not be async: it draws the graph, the steps do the work`,
      );
    }
    return this.#stepOf(result, `flow ${this.#flow}: what build returns`);
  }

  #checkName(name: string): void {
    if (this.#isClosed)
      throw new FlowDefinitionError(`flow ${this.#flow}: step ${name} is added after build has returned`);
    if (typeof name !== 'string' || !NAME.test(name)) {
      throw new FlowDefinitionError(`a step's name has up to 64 letters, digits, "_" or "-": ${JSON.stringify(name)}`);
    }
    const twin = this.#steps.find((step) => step.name.toLowerCase() === name.toLowerCase());
    if (twin !== undefined) throw new FlowDefinitionError(`flow ${this.#flow} has two steps named ${name}`);
  }

  #stepOf(handle: unknown, what: string): string {
    if (handle instanceof StepHandle && this.#handles.has(handle)) return handle.step;
    throw new FlowDefinitionError(`${what} has to be what step() returned for an earlier step of this flow`);
  }
}

function checkOptions(what: string, options: unknown): void {
  if (typeof options !== 'object' || options === null) {
    throw new FlowDefinitionError(`${what}: options have to be an object; {} if there are none`);
  }
  const unknown = Object.keys(options).find((key) => !OPTIONS.has(key));
  if (unknown !== undefined) {
    throw new FlowDefinitionError(`${what}: there is no option "${unknown}"; there are ${[...OPTIONS].join(', ')}`);
  }
}

function functionOf(run: unknown, what: string): StepNode['run'] {
  if (typeof run !== 'function') throw new FlowDefinitionError(`${what}: the third argument has to be its function`);
  return (context) => Reflect.apply(run, undefined, [context]);
}
