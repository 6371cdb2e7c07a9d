import { parseRunRequest } from '../src/core/parse-run-request.ts';
import { planRun } from '../src/templates/plan-run.ts';
import { fileSourceReader } from '../src/templates/read-file-source.ts';
import { loadWorkspace, type Workspace } from '../src/templates/workspace.ts';
import type { Figure } from './figure.ts';

const PLANS = 20_000;
const WARM_UP = 2_000;

const REQUESTS: Readonly<Record<string, object>> = {
  'plans rendered': { env: { A: 'request' } },
  'plans rendered, cpu, memory and env by request': { cpu: 512, memory: '1 GB', env: { A: 'request', D: 'more' } },
};

/** A run config of ten keys over a template of three containers, on one core. */
export async function measurePlans(): Promise<readonly Figure[]> {
  const configRef = new URL('config/agent.yaml', import.meta.url).pathname;
  const workspace = await loadWorkspace({ configRef, settings: {}, reader: fileSourceReader, hostName: 'bench' });
  if (!workspace.ok) throw new Error('the configuration of the bench is bad');
  return Object.entries(REQUESTS).map(([name, runConfig]) => ({
    name,
    value: plansPerSecond(workspace.value, runConfig),
    unit: '/s',
    aim: '≥ 5000',
  }));
}

function plansPerSecond(workspace: Workspace, runConfig: object): number {
  const parsed = parseRunRequest(JSON.stringify({ flow: 'noop', parameters: { number: 1 }, runConfig }));
  if (!parsed.ok) throw new Error('the request of the bench is bad');
  const { request } = parsed.value;
  const plan = (i: number) => planRun(workspace, { request, runId: `run-${i}`, attempt: 1, placement: 0 });
  for (let i = 0; i < WARM_UP; i += 1) if (!plan(i).ok) throw new Error('the plan of the bench is bad');
  const began = performance.now();
  for (let i = 0; i < PLANS; i += 1) plan(i);
  return PLANS / ((performance.now() - began) / 1000);
}
