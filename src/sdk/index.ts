/** What a flow's author imports: `slipway/sdk`. */
export type { FlowContext, FlowExport, FlowFunction, FlowLog, FlowObject, LogFields } from './flow-context.ts';
