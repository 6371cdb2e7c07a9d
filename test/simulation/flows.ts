import { ok } from '../../src/core/result.ts';
import { loadWorkspace, type Workspace } from '../../src/templates/workspace.ts';
import { memorySource } from '../templates/memory-source.ts';
import type { AgentPlan } from './scenario.ts';
import { EVENTS_URL, REQUESTS_URL } from './services/sqs-client.ts';
import { TABLE } from './services/table-client.ts';

const CRASHES = { max: 2, delay: '20s', backoff: 2, maxDelay: '3m' };

/** The flows that requests may name, as their files say it; every other one is not known to the agents. */
export const FLOWS: Readonly<Record<string, { readonly worker: boolean; readonly [key: string]: unknown }>> = {
  steady: { flow: 'steady', version: '1', worker: true },
  stubborn: {
    flow: 'stubborn',
    version: '1',
    worker: true,
    retries: { FAILED: { max: 1, delay: '10s' }, CRASHED: CRASHES },
  },
  hasty: {
    flow: 'hasty',
    version: '1',
    worker: true,
    retries: { CRASHED: CRASHES },
    timeouts: { queue: '30m', start: '5m', run: '8m' },
  },
  narrow: { flow: 'narrow', version: '1', worker: true, retries: { CRASHED: CRASHES }, concurrency: { limit: 1 } },
  plain: { flow: 'plain', version: '1', worker: false, retries: { CRASHED: CRASHES } },
};

export interface WorkspaceWish {
  /** Counts changes of the templates. */
  readonly deployment: number;
  readonly hasEvents: boolean;
  /** For a mutant: every flow is taken for a plain container. */
  readonly needsNoRecord: boolean;
}

const loaded = new Map<string, Promise<Workspace>>();

/** What an agent plans from. Loaded once for all worlds: it is immutable, and only the agent's own few words differ. */
export async function workspaceOf(wish: WorkspaceWish): Promise<Workspace> {
  const key = JSON.stringify(wish);
  const known = loaded.get(key);
  if (known) return known;
  const workspace = load(wish);
  loaded.set(key, workspace);
  return workspace;
}

/** The same workspace for this agent; `reload` gives what the templates say by then. */
export function ownWorkspace(workspace: Workspace, plan: AgentPlan, current: () => Workspace): Workspace {
  const { configuredName: name, labels, concurrentRuns } = plan;
  const limits = { ...workspace.agent.limits, concurrentRuns };
  return {
    ...workspace,
    agent: { ...workspace.agent, name, labels: [...labels], limits },
    reload: async () => ok(ownWorkspace(current(), plan, current)),
  };
}

async function load({ deployment, hasEvents, needsNoRecord }: WorkspaceWish): Promise<Workspace> {
  const flows = Object.entries(FLOWS).map(([name, flow]) => {
    return [`flows/${name}.yaml`, needsNoRecord ? { ...flow, worker: false } : flow];
  });
  const reader = memorySource({ 'agent.yaml': agentFile(deployment, hasEvents), ...Object.fromEntries(flows) });
  const workspace = await loadWorkspace({ configRef: 'agent.yaml', settings: {}, reader, hostName: 'agent' });
  if (!workspace.ok) throw new Error(`the simulation's own configuration is bad: ${JSON.stringify(workspace.error)}`);
  return workspace.value;
}

function agentFile(deployment: number, hasEvents: boolean): object {
  return {
    table: TABLE,
    bucket: 's3://bucket/runs',
    queues: [{ url: REQUESTS_URL }],
    ...(hasEvents ? { events: { queueUrl: EVENTS_URL } } : {}),
    ecs: {
      cluster: 'main',
      image: `flows:${deployment}`,
      network: { subnets: ['subnet-a'] },
    },
  };
}
