import { formatFault } from '../../core/fault.ts';
import type { FlowDefinition } from '../../templates/flow-definition.ts';
import { agentSettings } from '../agent-settings.ts';
import type { CliContext } from '../cli-context.ts';
import { ConfigReader, findAgentYaml } from '../config-reader.ts';
import type { Connection } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import { exampleConfig } from '../example-config.ts';

/** The flows of YAML files: of the agent.yaml that is named or found; with `slipway dev` and none of them, of its examples. */
export async function writtenFlows(
  flags: Pick<ConnectionFlags, 'config'>,
  connection: Connection,
  { env, cwd, terminal }: CliContext,
): Promise<readonly FlowDefinition[]> {
  const named = flags.config ?? env.slipway.SLIPWAY_CONFIG ?? findAgentYaml(cwd);
  const configRef = named ?? (connection.isLocal ? exampleConfig() : undefined);
  if (configRef === undefined && !('SLIPWAY_FLOWS' in env.slipway)) return [];
  const workspace = await new ConfigReader(connection.aws).workspace({ configRef, settings: agentSettings({}, env) });
  for (const fault of workspace.flowFaults)
    terminal.say(`${terminal.style('yellow', 'left out:')} ${formatFault(fault)}`);
  return [...workspace.flows.values()];
}
