import type { Report } from './report.ts';

/** What a flow is told and given when it runs. */
export interface FlowContext<Parameters = Readonly<Record<string, unknown>>> {
  readonly runId: string;
  /** Counts tries at the run from 1: a flow that is tried again sees 2. */
  readonly attempt: number;
  readonly flow: string;
  readonly flowVersion: string;
  readonly org: string;
  readonly environment?: string;
  /** From the request, to find one's way through the logs of several systems. */
  readonly correlationId?: string;
  /** Of the request, checked against the flow's JSON Schema, defaults filled in. */
  readonly parameters: Parameters;
  readonly log: FlowLog;
  /** What the flow has to tell about its data, for the run's record. */
  readonly report: Report;
  /**
   * Aborted when the run is cancelled or its task is stopped. The flow then has its stop timeout less 5 seconds to
   * leave things tidy (25 seconds unless `timeouts.stop` says otherwise); whatever it returns after that moment, the run
   * does not count as succeeded.
   */
  readonly signal: AbortSignal;
}

/** One JSON line on stdout per call: time, level, event, ids of the run, then the fields. Write no secrets into them. */
export interface FlowLog {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Anything that JSON can say; errors, big integers and cycles are put into words. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A flow: resolves to its result, anything that JSON can say. To fail, it throws. */
export type FlowFunction<Parameters = Readonly<Record<string, unknown>>, Output = unknown> = (
  context: FlowContext<Parameters>,
) => Output | Promise<Output>;

/** A flow as an object; its `run` is called as a method. */
export interface FlowObject<Parameters = Readonly<Record<string, unknown>>, Output = unknown> {
  readonly run: FlowFunction<Parameters, Output>;
}

/** What the module of a flow exports by default. */
export type FlowExport<Parameters = Readonly<Record<string, unknown>>, Output = unknown> =
  | FlowFunction<Parameters, Output>
  | FlowObject<Parameters, Output>;
