import type { AcceptDeps, RunNeeds } from '../runs/accept-message.ts';
import { slotsOfRun } from '../templates/slots-of-run.ts';
import { findFlow, type Workspace } from '../templates/workspace.ts';

/** What runs need by the files as they are at that moment. A run whose launch will fail needs nothing yet: its launch says why. */
export function needsOfRun(workspace: () => Workspace): NonNullable<AcceptDeps['needsOf']> {
  return (request, runId): RunNeeds => {
    const now = workspace();
    const flow = findFlow(now, request.flow);
    if (!flow.ok) return {};
    const wants = [...new Set([...flow.value.labels, ...request.labels])];
    const { queueMs } = flow.value.timeouts;
    const slots = slotsOfRun(now.agent, flow.value, { request, runId });
    return {
      ...(wants.length === 0 ? {} : { wants }),
      ...(queueMs === undefined ? {} : { queueTimeoutMs: queueMs }),
      ...(slots.ok && slots.value.length > 0 ? { slots: slots.value } : {}),
    };
  };
}
