import { executeFlow } from './execute-flow.ts';
import type { FlowLog } from './flow-context.ts';
import type { FlowEvent, OutputSource } from './flow-event.ts';
import type { FlowGraph } from './flow-graph.ts';
import type { FlowPorts, RunFacts } from './flow-ports.ts';
import { memoryStepStore } from './memory-step-store.ts';
import { realClock } from './real-clock.ts';
import type { FlowReport } from './report.ts';
import type { StepStore } from './step-store.ts';

export interface RunFlowOptions<Parameters> {
  /** What is left out has the schema's default; of the schema, only that and what is required is looked at here. */
  readonly parameters?: Partial<Parameters>;
  /** Given to a second call, it is what a second attempt finds of the first. */
  readonly store?: StepStore;
  readonly signal?: AbortSignal;
  readonly log?: FlowLog;
  readonly facts?: Partial<RunFacts>;
  /** False: retries follow at once. */
  readonly delays?: boolean;
}

/** How a flow that was run in-process went. */
export interface FlowRunResult<Output> {
  readonly output: Output;
  /** In the order in which they ended. */
  readonly steps: readonly StepResult[];
  readonly reports: readonly FlowReport[];
  readonly events: readonly FlowEvent[];
}

export interface StepResult {
  readonly step: string;
  readonly tries: number;
  readonly from: OutputSource;
}

const SILENT: FlowLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Runs a flow in this process, without AWS: for its author's tests. Rejects with {@link StepFailed} when a step fails. */
export async function runFlow<Parameters, Output>(
  graph: FlowGraph<Parameters, Output>,
  options: RunFlowOptions<Parameters> = {},
): Promise<FlowRunResult<Output>> {
  const { store = memoryStepStore(graph.serializer), signal = new AbortController().signal, log = SILENT } = options;
  const events: FlowEvent[] = [];
  const ports: FlowPorts = {
    facts: {
      runId: 'test',
      attempt: 1,
      flow: graph.name,
      flowVersion: graph.version,
      org: 'default',
      ...options.facts,
    },
    parameters: parametersFor(graph, options.parameters ?? {}),
    signal,
    store,
    clock: realClock,
    logFor: () => log,
    emit: (event) => void events.push(event),
  };
  const output = await executeFlow(options.delays === false ? withoutDelays(graph) : graph, ports);
  const steps = events.flatMap((event) =>
    event.kind === 'step-finished' ? [{ step: event.step, tries: event.tries, from: event.from }] : [],
  );
  const reports = events.flatMap((event) => (event.kind === 'report' ? [event.report] : []));
  return { output: output as Output, steps, reports, events };
}

/** Fills in defaults; throws for what is required and missing. Whether values fit is checked when a run is requested. */
function parametersFor({ name, parameters: schema = {} }: FlowGraph, given: object): Readonly<Record<string, unknown>> {
  const { properties = {}, required = [] } = schema;
  const defaults = Object.entries(properties as object).flatMap(([key, { default: value }]) =>
    value === undefined ? [] : [[key, structuredClone(value)]],
  );
  const parameters: Readonly<Record<string, unknown>> = { ...Object.fromEntries(defaults), ...given };
  const missing = (required as readonly string[]).filter((key) => !Object.hasOwn(parameters, key));
  if (missing.length > 0) throw new TypeError(`flow ${name} needs the parameters ${missing.join(', ')}`);
  return parameters;
}

function withoutDelays(graph: FlowGraph): FlowGraph {
  const steps = graph.steps.map((node) => ({ ...node, retries: { ...node.retries, delayMs: 0 } }));
  return { ...graph, steps };
}
