import pLimit from 'p-limit';
import { executeFlow } from '../sdk/execute-flow.ts';
import type { FlowContext, FlowLog } from '../sdk/flow-context.ts';
import type { FlowEvent } from '../sdk/flow-event.ts';
import { type FlowGraph, isFlowGraph } from '../sdk/flow-graph.ts';
import { type FlowReport, reporter } from '../sdk/report.ts';
import type { Clock } from '../service/clock.ts';
import { createFlowLog } from './flow-log.ts';
import type { FlowStart, OutputAnswer, OutputCall, ToldEvent } from './flow-messages.ts';
import { KeptOutputs } from './kept-outputs.ts';
import { headOf } from './thrown-words.ts';
import { UnusableFlowError } from './unusable-flow-error.ts';

export interface FlowSurroundings {
  readonly clock: Clock;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
  /** Takes lines of the log. */
  readonly write: (text: string) => void;
  readonly tell: (event: ToldEvent) => void;
  readonly ask: (call: OutputCall) => Promise<OutputAnswer>;
}

/** Calls of user code at once, whatever steps and elements allow for themselves: each may hold memory and connections. */
const CALLS_AT_ONCE = 64;

/**
 * Runs what a module exports by default: a flow of steps, a function, or an object with a function `run`. Throws an
 * {@link UnusableFlowError} when there is none of these.
 */
export async function callFlow(module: object, start: FlowStart, around: FlowSurroundings): Promise<unknown> {
  const flow: unknown = Reflect.get(module, 'default');
  if (isFlowGraph(flow)) return runSteps(flow, start, around);
  const run: unknown = typeof flow === 'object' && flow !== null ? Reflect.get(flow, 'run') : flow;
  if (typeof run === 'function') return Reflect.apply(run, flow, [contextOf(start, around)]);
  const found = Object.keys(module).join(', ') || 'nothing';
  throw new UnusableFlowError(
    `the flow's module exports ${found}; it has to export the flow by default: export default async function (context) { … }`,
  );
}

function runSteps(graph: FlowGraph, start: FlowStart, around: FlowSurroundings): Promise<unknown> {
  const { clock, signal, tell } = around;
  tell({ kind: 'flow-started', at: clock.now(), steps: graph.steps.map(({ name }) => name) });
  return executeFlow(graph, {
    facts: start.facts,
    parameters: start.parameters,
    signal,
    clock,
    store: new KeptOutputs(graph.serializer, around.ask),
    logFor: (place) => logOf(start, around, place),
    emit: (event) => tell(toldOf(event)),
    limit: pLimit(CALLS_AT_ONCE),
  });
}

function contextOf(start: FlowStart, around: FlowSurroundings): FlowContext {
  const { clock, signal, tell } = around;
  const report = reporter((made) => tell({ kind: 'report', at: clock.now(), report: plainReport(made) }));
  return { ...start.facts, parameters: start.parameters, log: logOf(start, around, {}), report, signal };
}

function logOf({ facts, logLevel: level }: FlowStart, { clock, write }: FlowSurroundings, place: object): FlowLog {
  const { runId, attempt, flow, correlationId } = facts;
  const ids = { runId, attempt, flow, ...(correlationId === undefined ? {} : { correlationId }), ...place };
  return createFlowLog({ level, clock, ids, write });
}

function toldOf(event: FlowEvent): ToldEvent {
  if ('error' in event) return { ...event, error: headOf(event.error) };
  return event.kind === 'report' ? { ...event, report: plainReport(event.report) } : event;
}

/** A report as JSON can say it: one that it cannot say is still one, and fails nobody. */
function plainReport(report: FlowReport): FlowReport {
  try {
    const plain: FlowReport = JSON.parse(JSON.stringify(report));
    return plain;
  } catch (error) {
    return { type: 'message', payload: { unsayable: headOf(error) } };
  }
}
