import { PublishedFlows, type WantedFlow } from '../../agent/published-flows.ts';
import type { Fault } from '../../core/fault.ts';
import type { FlowCatalogue } from '../../core/flow-catalogue.ts';
import { err, type Result } from '../../core/result.ts';
import type { FlowDefinition } from '../../templates/flow-definition.ts';
import { findFlow } from '../../templates/workspace.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { explainError } from '../explain-error.ts';
import type { OpenedWorkspace } from '../open-launch.ts';
import { FaultsError } from '../user-error.ts';
import { openCatalogue } from './open-catalogue.ts';

/** A flow, and the configuration in which its name stands for it. */
export interface MeantFlow {
  readonly flow: FlowDefinition;
  readonly opened: OpenedWorkspace;
}

/** The flow that a request means, as an agent finds it: the catalogue is asked only for what no YAML file has. */
export async function meantFlow(opened: OpenedWorkspace, wanted: WantedFlow, context: CliContext): Promise<MeantFlow> {
  const { workspace, reader } = opened;
  const flows = new PublishedFlows({ catalogue: catalogueOf(opened), clock: context.clock });
  const found = await flows.find(workspace, wanted).catch((error: unknown) => notAsked(opened, wanted, error));
  if (found.ok) return { flow: found.value.flow, opened: { ...opened, workspace: found.value.workspace } };
  // A flow whose file has faults is not among the flows: its faults are the answer then.
  if (workspace.flowFaults.length > 0) throw reader.faultsError(workspace.flowFaults);
  throw new FaultsError('there is nothing to launch', found.error, { exitCode: EXIT.notFound });
}

type Find = FlowCatalogue['find'];

/** Connects when it is first asked; without a table nothing is published. */
function catalogueOf({ aws, workspace }: OpenedWorkspace): { readonly find: Find } {
  const { table } = workspace.agent;
  if (table === undefined) return { find: async () => undefined };
  return { find: async (...wanted: Parameters<Find>) => (await openCatalogue({ aws, table })).find(...wanted) };
}

/** No YAML file has it, and whether it is published cannot be told. */
function notAsked(
  { workspace }: OpenedWorkspace,
  { flow }: WantedFlow,
  error: unknown,
): Result<never, readonly Fault[]> {
  const written = findFlow(workspace, flow);
  const why = { message: `whether it is published cannot be told: ${explainError(error).message}` };
  return err([...(written.ok ? [] : written.error), why]);
}
