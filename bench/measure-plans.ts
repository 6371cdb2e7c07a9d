import { parseRunRequest } from '../src/core/parse-run-request.ts';
import { planRun } from '../src/templates/plan-run.ts';
import { fileSourceReader } from '../src/templates/read-file-source.ts';
import { loadWorkspace } from '../src/templates/workspace.ts';
import type { Figure } from './figure.ts';

const PLANS = 20_000;

/** A run config of ten keys over a template of three containers, on one core. */
export async function measurePlans(): Promise<readonly Figure[]> {
  const configRef = new URL('config/agent.yaml', import.meta.url).pathname;
  const workspace = await loadWorkspace({ configRef, settings: {}, reader: fileSourceReader, hostName: 'bench' });
  const parsed = parseRunRequest('{"flow":"noop","parameters":{"number":1},"runConfig":{"env":{"A":"request"}}}');
  if (!workspace.ok || !parsed.ok) throw new Error('the configuration of the bench is bad');
  const { request } = parsed.value;
  const plan = (i: number) => planRun(workspace.value, { request, runId: `run-${i}`, attempt: 1, placement: 0 });
  for (let i = 0; i < 2_000; i += 1) if (!plan(i).ok) throw new Error('the plan of the bench is bad');
  const began = performance.now();
  for (let i = 0; i < PLANS; i += 1) plan(i);
  return [{ name: 'plans rendered', value: PLANS / ((performance.now() - began) / 1000), unit: '/s', aim: '≥ 5000' }];
}
