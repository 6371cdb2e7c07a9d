import type { LaunchingRun, QueuedRun, RunFacts } from '../../src/core/run.ts';
import { startedByOf } from '../../src/core/run-identity.ts';
import { DEFAULT_POLICY } from '../../src/core/run-policy.ts';
import type { RunRequest } from '../../src/core/run-request.ts';

export function runRequest(over: Partial<RunRequest> = {}): RunRequest {
  return {
    flow: 'hello',
    flowVersion: 'latest',
    org: 'default',
    parameters: {},
    runConfig: {},
    labels: [],
    priority: 0,
    trigger: { source: 'test' },
    metadata: {},
    ...over,
  };
}

export function runFacts(over: Partial<RunFacts> = {}): RunFacts {
  return {
    runId: 'run-1',
    version: 1,
    request: runRequest(),
    bodyHash: 'hash',
    requestedAt: 1_700_000_000_000,
    attempt: 1,
    attempts: [],
    history: [],
    ...over,
  };
}

export function queuedRun(over: Partial<QueuedRun> = {}): QueuedRun {
  return { ...runFacts(over), status: 'QUEUED', notBefore: 0, placement: 0, ...over };
}

export function launchingRun(over: Partial<LaunchingRun> = {}): LaunchingRun {
  const facts = runFacts(over);
  const request = { cluster: 'main', clientToken: 'token', startedBy: startedByOf(facts), taskDefinition: 'hello:1' };
  return {
    ...facts,
    status: 'LAUNCHING',
    placement: 0,
    lease: { owner: 'agent-1', instance: 'instance-1', epoch: 1, until: 0 },
    intent: { request, container: 'flow', worker: false, policy: DEFAULT_POLICY, createdAt: 0 },
    ...over,
  };
}
