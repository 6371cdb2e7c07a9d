import { setMaxListeners } from 'node:events';
import { FlowInterrupted } from './flow-error.ts';
import { type FlowGraph, needsOf, type StepNode } from './flow-graph.ts';
import type { FlowPorts } from './flow-ports.ts';
import { runStep } from './run-step.ts';

/**
 * Runs a flow's steps, each as soon as those it needs are done; the same code in a test and in the worker. Resolves to the
 * output of the result's step.
 *
 * After the first failure nothing new begins; what runs is let finish, since the next attempt takes it up. Rejects with
 * {@link StepFailed}; with {@link FlowInterrupted} when `signal` was aborted; or with what the store has thrown.
 */
export async function executeFlow(graph: FlowGraph, ports: FlowPorts): Promise<unknown> {
  // Every pause and every call of a step may listen to it.
  setMaxListeners(0, ports.signal);
  const outputs = new Map<string, unknown>();
  const begun = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const mayBegin = () => failures.length === 0 && !ports.signal.aborted;

  const begin = (node: StepNode) => {
    begun.add(node.name);
    const run = runStep(node, outputs, ports, mayBegin)
      .then((output) => outputs.set(node.name, output))
      .catch((error: unknown) => failures.push(error))
      .then(() => void running.delete(node.name));
    running.set(node.name, run);
  };

  const beginReady = () => {
    if (!mayBegin()) return;
    for (const node of readySteps(graph, outputs, begun).slice(0, graph.concurrency - running.size)) begin(node);
  };

  for (beginReady(); running.size > 0; beginReady()) await Promise.race(running.values());
  if (failures.length > 0) throw failures[0];
  if (outputs.size < graph.steps.length)
    throw new FlowInterrupted(`flow ${graph.name} was stopped before its last step`);
  return graph.result === undefined ? undefined : outputs.get(graph.result);
}

/** Steps that have not begun and need nothing that is not done, in the order in which the flow has them. */
export function readySteps(
  { steps }: FlowGraph,
  done: { has(step: string): boolean },
  begun: { has(step: string): boolean },
): readonly StepNode[] {
  return steps.filter((node) => !begun.has(node.name) && needsOf(node).every((step) => done.has(step)));
}
