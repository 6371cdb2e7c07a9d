import type { LaunchingRun, QueuedRun } from '../src/core/run.ts';
import { DEFAULT_POLICY } from '../src/core/run-policy.ts';

/** A run as its worker meets it: accepted, and launched by an agent. */
export function launchedRun(runId: string): { readonly queued: QueuedRun; readonly launching: LaunchingRun } {
  const now = Date.now();
  const facts = {
    runId,
    request: {
      flow: 'bench',
      flowVersion: 'latest',
      org: 'default',
      parameters: {},
      runConfig: {},
      labels: [],
      priority: 0,
      trigger: { source: 'bench' },
      metadata: {},
    },
    bodyHash: 'bench',
    requestedAt: now,
    attempt: 1,
    attempts: [],
    history: [],
  };
  const request = { cluster: 'main', clientToken: runId, startedBy: `slipway/${runId}/1`, taskDefinition: 'bench:1' };
  const intent = { request, container: 'flow', worker: true, policy: DEFAULT_POLICY, createdAt: now };
  const lease = { owner: 'bench', instance: 'bench', epoch: 1, until: now + 60_000 };
  return {
    queued: { ...facts, version: 1, status: 'QUEUED', notBefore: now, placement: 0 },
    launching: { ...facts, version: 2, status: 'LAUNCHING', placement: 0, lease, intent },
  };
}
