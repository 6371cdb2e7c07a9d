import type { FlowDefinition } from './flow-definition.ts';
import type { Workspace } from './workspace.ts';

/** Per workspace and flow, so that what is prepared for launches of the flow is found again. */
const HELD = new WeakMap<Workspace, WeakMap<FlowDefinition, Workspace>>();

/** The workspace in which a flow's name stands for this definition: the same one for the same two. */
export function withFlow(workspace: Workspace, flow: FlowDefinition): Workspace {
  const held = HELD.get(workspace) ?? new WeakMap<FlowDefinition, Workspace>();
  HELD.set(workspace, held);
  const known = held.get(flow);
  if (known !== undefined) return known;
  const made: Workspace = { ...workspace, flows: new Map([...workspace.flows, [flow.flow, flow]]) };
  held.set(flow, made);
  return made;
}
