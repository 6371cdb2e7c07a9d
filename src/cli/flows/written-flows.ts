import { formatFault } from '../../core/fault.ts';
import type { FlowDefinition } from '../../templates/flow-definition.ts';
import { agentSettings } from '../agent-settings.ts';
import type { CliContext } from '../cli-context.ts';
import { ConfigReader } from '../config-reader.ts';
import { configInUse } from '../config-ref.ts';
import type { Connection } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';

/** The flows of YAML files: of the agent.yaml that is named or found, or of that of `slipway dev`. */
export async function writtenFlows(
  flags: Pick<ConnectionFlags, 'config'>,
  connection: Connection,
  { env, cwd, terminal }: CliContext,
): Promise<readonly FlowDefinition[]> {
  const configRef = configInUse(flags, { env, cwd });
  if (configRef === undefined && !('SLIPWAY_FLOWS' in env.slipway)) return [];
  const workspace = await new ConfigReader(connection.aws).workspace({ configRef, settings: agentSettings({}, env) });
  for (const fault of workspace.flowFaults)
    terminal.say(`${terminal.style('yellow', 'left out:')} ${formatFault(fault)}`);
  return [...workspace.flows.values()];
}
