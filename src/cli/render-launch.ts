import type { LaunchPlan } from '../core/launch-plan.ts';
import { planRun } from '../templates/plan-run.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { openLaunch, type WorkspaceFlags } from './open-launch.ts';
import type { RequestFlags } from './read-request.ts';

export interface RenderFlags extends WorkspaceFlags, RequestFlags {
  readonly output: string;
}

/** Prints the very requests that a launch would send to ECS, without calling it. */
export async function renderLaunch(flags: RenderFlags, context: CliContext): Promise<number> {
  const { workspace, input, reader } = await openLaunch(flags, context);
  const plan = planRun(workspace, input);
  if (!plan.ok) throw reader.faultsError(plan.error);
  context.terminal.data(await textOf(requestsOf(plan.value), flags.output));
  return EXIT.ok;
}

/** Of a definition that is yet to be registered nobody knows the ARN: then RunTask is told without it. */
function requestsOf({ definition, runTask }: LaunchPlan) {
  if (definition.kind === 'register')
    return { registerTaskDefinition: definition.input, taskDefinitionArn: null, runTask };
  const { taskDefinition } = definition;
  return { registerTaskDefinition: null, taskDefinitionArn: taskDefinition, runTask: { taskDefinition, ...runTask } };
}

async function textOf(requests: object, output: string): Promise<string> {
  if (output === 'json') return JSON.stringify(requests, null, 2);
  const { dump } = await import('js-yaml');
  return dump(JSON.parse(JSON.stringify(requests)), { noRefs: true, lineWidth: 120 }).trimEnd();
}
