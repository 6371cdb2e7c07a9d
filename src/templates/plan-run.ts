import type { Fault } from '../core/fault.ts';
import type { LaunchPlan } from '../core/launch-plan.ts';
import { ok, type Result } from '../core/result.ts';
import { render } from './render.ts';
import { type PlanInput, resolveRun } from './resolve.ts';
import type { Workspace } from './workspace.ts';

/** From a run to the exact two ECS requests of one attempt: resolve, place, check, render. Asks nobody, reads no clock. */
export function planRun(workspace: Workspace, input: PlanInput): Result<LaunchPlan, readonly Fault[]> {
  const config = resolveRun(workspace, input);
  return config.ok ? ok(render(config.value, input)) : config;
}
