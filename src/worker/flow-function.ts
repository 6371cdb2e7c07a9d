import type { FlowContext } from '../sdk/flow-context.ts';

/** A flow that cannot be run as it is, in words for its author; where in our code that was noticed is of no use to anybody. */
export class UnusableFlowError extends Error {
  override readonly name = 'UnusableFlow';
}

/** A flow as something to call; what it returns is not known before it has. */
export type CallFlow = (context: FlowContext) => unknown;

/**
 * The flow that a module exports by default: a function, or an object with a function `run`. Throws
 * an {@link UnusableFlowError} when there is none.
 */
export function flowFunctionOf(module: object): CallFlow {
  const flow: unknown = Reflect.get(module, 'default');
  if (typeof flow === 'function') return (context) => Reflect.apply(flow, undefined, [context]);
  const run: unknown = typeof flow === 'object' && flow !== null ? Reflect.get(flow, 'run') : undefined;
  if (typeof run === 'function') return (context) => Reflect.apply(run, flow, [context]);
  const found = Object.keys(module).join(', ') || 'nothing';
  throw new UnusableFlowError(
    `the flow's module exports ${found}; it has to export the flow by default: export default async function (context) { … }`,
  );
}
