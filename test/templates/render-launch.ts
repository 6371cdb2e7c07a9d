import { type Fault, formatFault } from '../../src/core/fault.ts';
import type { LaunchPlan } from '../../src/core/launch-plan.ts';
import { parseRunRequest } from '../../src/core/parse-run-request.ts';
import { err, type Result } from '../../src/core/result.ts';
import type { SourceReader } from '../../src/core/source-reader.ts';
import { planRun } from '../../src/templates/plan-run.ts';
import type { PlanInput } from '../../src/templates/resolve.ts';
import type { Settings } from '../../src/templates/settings.ts';
import { findFlow, loadWorkspace, type Workspace } from '../../src/templates/workspace.ts';
import { memorySource } from './memory-source.ts';

export interface LaunchCase {
  /** By path; `agent.yaml` is the configuration. A map is written as JSON. */
  readonly files: Readonly<Record<string, unknown>>;
  readonly flow?: string;
  /** The folder that the files are in; the current one if left out. */
  readonly folder?: string;
  readonly request?: Readonly<Record<string, unknown>> | null;
  readonly environment?: string;
  readonly settings?: Settings;
  readonly more?: Partial<PlanInput>;
}

/** Reads a workspace out of memory. */
export async function workspaceOf(
  files: LaunchCase['files'],
  settings: Settings = {},
  folder = '',
): Promise<Result<Workspace, readonly Fault[]>> {
  const placed = Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}${name}`, content]));
  return loadWorkspace({ configRef: `${folder}agent.yaml`, settings, reader: memorySource(placed), hostName: 'host' });
}

/** What `slipway render` does, without its process: the plan, or the faults. */
export async function planCase(launch: LaunchCase): Promise<Result<LaunchPlan, readonly Fault[]>> {
  const { files, folder, flow = 'etl', request, environment, settings, more } = launch;
  const workspace = await workspaceOf(files, settings, folder);
  const body = { ...(environment === undefined ? {} : { environment }), ...(request ?? { flow }) };
  return workspace.ok ? planText(workspace.value, JSON.stringify(body), more) : workspace;
}

/** The same with documents from anywhere, and a request as text. */
export async function planWith(reader: SourceReader, request: string): Promise<Result<LaunchPlan, readonly Fault[]>> {
  const workspace = await loadWorkspace({ configRef: 'agent.yaml', settings: {}, reader, hostName: 'host' });
  return workspace.ok ? planText(workspace.value, request) : workspace;
}

function planText(
  workspace: Workspace,
  text: string,
  more: Partial<PlanInput> = {},
): Result<LaunchPlan, readonly Fault[]> {
  const parsed = parseRunRequest(text);
  if (!parsed.ok) return parsed;
  const { request } = parsed.value;
  const found = findFlow(workspace, request.flow);
  if (!found.ok && !workspace.brokenFlows.has(request.flow)) return err([...workspace.flowFaults, ...found.error]);
  return planRun(workspace, { request, runId: request.runId ?? 'preview', attempt: 1, placement: 0, ...more });
}

/** The JSON that `slipway render -o json` prints (DESIGN 7.4). */
export function rendered({ definition, runTask }: LaunchPlan): Record<string, unknown> {
  return definition.kind === 'register'
    ? { registerTaskDefinition: definition.input, taskDefinitionArn: null, runTask }
    : { registerTaskDefinition: null, taskDefinitionArn: definition.taskDefinition, runTask };
}

/** The plan of a case that has to be one. */
export async function planOf(launch: LaunchCase): Promise<LaunchPlan> {
  const plan = await planCase(launch);
  if (!plan.ok) throw new Error(plan.error.map(formatFault).join('\n'));
  return plan.value;
}

/** The faults of a case that has to have some, one line each. */
export async function faultsOf(launch: LaunchCase): Promise<readonly string[]> {
  const plan = await planCase(launch);
  return plan.ok ? [] : plan.error.map(formatFault);
}
