/** What a flow's author imports: `slipway/sdk`. */
export type { Duration } from './duration.ts';
export { type FlowOptions, flow } from './flow.ts';
export type { FlowContext, FlowExport, FlowFunction, FlowLog, FlowObject, LogFields } from './flow-context.ts';
export { FlowInterrupted, StepFailed, StepTimeout } from './flow-error.ts';
export type { FlowEvent, OutputSource, StepPlace } from './flow-event.ts';
export type { FlowGraph, StepNode, StepRetries } from './flow-graph.ts';
export type { StepMaker } from './graph-builder.ts';
export { memoryStepStore } from './memory-step-store.ts';
export type { CheckSeverity, FlowReport, Report, ReportMetadata } from './report.ts';
export { type FlowRunResult, type RunFlowOptions, runFlow, type StepResult } from './run-flow.ts';
export type { ParametersOf, ParametersSchema } from './schema-type.ts';
export { jsonSerializer, type Serializer, SerializerError } from './serializer.ts';
export type { CacheKeyContext, ItemContext, StepContext } from './step-context.ts';
export type { Inputs, StepHandle } from './step-handle.ts';
export { FlowDefinitionError, type MapOptions, type RetryOptions, type StepOptions } from './step-options.ts';
export type { Kept, StepStore } from './step-store.ts';
