import type { FlowGraph, StepNode } from './flow-graph.ts';

/** A flow's graph as data that JSON can say: `flow_spec.json` of its artifact. */
export function specOf(graph: FlowGraph): Readonly<Record<string, unknown>> {
  const { name, version, description, parameters, steps, result, concurrency } = graph;
  return {
    formatVersion: 1,
    flow: name,
    version,
    description,
    parameters,
    steps: steps.map(stepOf),
    result,
    concurrency,
  };
}

function stepOf({ cacheKey, run: _, ...data }: StepNode): Readonly<Record<string, unknown>> {
  const { concurrency, ...rest } = data;
  return {
    ...rest,
    ...(data.mapOver === undefined ? {} : { concurrency }),
    ...(cacheKey === undefined ? {} : { cached: true }),
  };
}
