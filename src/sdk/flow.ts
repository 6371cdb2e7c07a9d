import type { FlowGraph } from './flow-graph.ts';
import { type GivenOptions, GraphBuilder, type StepMaker } from './graph-builder.ts';
import type { ParametersOf, ParametersSchema } from './schema-type.ts';
import { jsonSerializer, type Serializer } from './serializer.ts';
import type { StepHandle } from './step-handle.ts';
import { concurrencyOf, FlowDefinitionError } from './step-options.ts';

export interface FlowOptions<Schema> {
  /** `1.4.0`: the highest one published is the latest. Other words, such as a branch's name, are run only when asked for. */
  readonly version: string;
  readonly description?: string;
  /** The JSON Schema of the parameters: requests are checked against it, and `context.parameters` has its type. */
  readonly parameters?: Schema;
  /** How many steps at once; 8 if left out. */
  readonly concurrency?: number;
  /** How outputs are kept between steps and attempts; JSON if left out. */
  readonly serializer?: Serializer;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

/**
 * Makes a flow of steps. `build` is called once, at once, to draw the graph: it calls `step` for each step and passes handles
 * on; nothing runs yet. The handle that it returns is of the step whose output is the run's. Throws
 * a {@link FlowDefinitionError} for a graph that cannot be run.
 */
export function flow<const Schema extends ParametersSchema | undefined = undefined, Output = undefined>(
  name: string,
  options: FlowOptions<Schema>,
  build: (step: StepMaker<ParametersOf<Schema>>) => StepHandle<Output> | undefined,
): FlowGraph<ParametersOf<Schema>, Output> {
  checkNames(name, options);
  const builder = new GraphBuilder(name);
  const result: unknown = build(<O>(...step: [string, GivenOptions, unknown]) => builder.add<O>(...step));
  const { version, description, parameters, concurrency, serializer = jsonSerializer } = options;
  const resultStep = builder.close(result);
  return {
    slipwayFlow: 1,
    name,
    version,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    steps: builder.steps,
    ...(resultStep === undefined ? {} : { result: resultStep }),
    concurrency: concurrencyOf(concurrency, `flow ${name}`),
    serializer,
  };
}

function checkNames(name: string, { version, parameters }: FlowOptions<unknown>): void {
  if (!NAME.test(name)) {
    throw new FlowDefinitionError(
      `a flow's name has up to 100 letters, digits, ".", "_" or "-": ${JSON.stringify(name)}`,
    );
  }
  if (typeof version !== 'string' || !VERSION.test(version) || version === 'latest') {
    throw new FlowDefinitionError(
      `flow ${name}: version has to be text such as "1.4.0", up to 64 letters, digits, ".", "_", "+" or "-", and not "latest": ${JSON.stringify(version)}`,
    );
  }
  if (parameters !== undefined && (typeof parameters !== 'object' || parameters === null)) {
    throw new FlowDefinitionError(`flow ${name}: parameters has to be a JSON Schema`);
  }
}
