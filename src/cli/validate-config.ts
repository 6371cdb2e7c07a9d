import { locateArtifact } from '../agent/artifact-publisher.ts';
import { type Fault, formatFault, formatPlace } from '../core/fault.ts';
import { tryLaunches } from '../templates/try-launches.ts';
import type { Workspace } from '../templates/workspace.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { openWorkspace, type WorkspaceFlags } from './open-launch.ts';
import { FaultsError } from './user-error.ts';

export interface ValidateFlags extends WorkspaceFlags {
  readonly output: string;
}

/** Checks agent.yaml, its templates, every flow, and an example launch of each; tells everything that is wrong at once. */
export async function validateConfig(flags: ValidateFlags, context: CliContext): Promise<number> {
  const checked = await check(flags, context);
  const { terminal } = context;
  const { error, warnings } = checked;
  if (flags.output === 'json') {
    const faults = (error?.faults ?? []).map(faultRecord);
    terminal.data(JSON.stringify({ valid: error === undefined, faults, warnings: warnings.map(faultRecord) }, null, 2));
    return error?.exitCode ?? EXIT.ok;
  }
  for (const warning of warnings) terminal.say(`${terminal.style('yellow', 'warning:')} ${formatFault(warning)}`);
  if (error !== undefined) throw error;
  terminal.data(`${terminal.dataStyle('green', '✔')} ${contentsOf(checked.workspace)}`);
  return EXIT.ok;
}

interface Checked {
  readonly workspace: Workspace | undefined;
  readonly error: FaultsError | undefined;
  readonly warnings: readonly Fault[];
}

async function check(flags: ValidateFlags, context: CliContext): Promise<Checked> {
  try {
    const { workspace, reader } = await openWorkspace(flags, context);
    const tried = tryLaunches(workspace);
    const faults = [...workspace.flowFaults, ...tried.faults, ...(await artifactFaults(workspace))];
    return { workspace, error: faults.length > 0 ? reader.faultsError(faults) : undefined, warnings: tried.warnings };
  } catch (error) {
    if (error instanceof FaultsError) return { workspace: undefined, error, warnings: [] };
    throw error;
  }
}

async function artifactFaults({ flows, agent }: Workspace): Promise<readonly Fault[]> {
  const located = await Promise.all([...flows.values()].map((flow) => locateArtifact(flow, agent.bucket)));
  return located.flatMap((artifact) => (artifact.ok ? [] : [artifact.error]));
}

function faultRecord(fault: Fault): Record<string, unknown> {
  const { place, message, hint } = fault;
  return { ...(place === undefined ? {} : { at: formatPlace(place), ...place }), message, ...(hint ? { hint } : {}) };
}

function contentsOf(workspace: Workspace | undefined): string {
  const [flows, templates] = [workspace?.flows.size ?? 0, workspace?.templates.size ?? 0];
  return `valid: agent.yaml, ${counted(templates, 'template')}, ${counted(flows, 'flow')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
