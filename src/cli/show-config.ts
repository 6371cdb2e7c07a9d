import { formatPlace } from '../core/fault.ts';
import type { Json } from '../core/json.ts';
import { effectiveSettings } from '../templates/effective-settings.ts';
import { agentSettings } from './agent-settings.ts';
import type { CliContext } from './cli-context.ts';
import { ConfigReader } from './config-reader.ts';
import { configInUse } from './config-ref.ts';
import { awsOptions } from './connection.ts';
import { EXIT } from './exit-codes.ts';
import { valueText } from './explained-text.ts';
import type { WorkspaceFlags } from './open-launch.ts';
import { tableText } from './print-table.ts';

export interface ShowConfigFlags extends WorkspaceFlags {
  readonly origin: boolean;
  readonly output: string;
}

interface ShownSetting {
  readonly setting: string;
  readonly value: Json;
  readonly origin?: string;
}

/** Prints every setting of agent.yaml that is in effect, defaults, flags and variables included. */
export async function showConfig(flags: ShowConfigFlags, context: CliContext): Promise<number> {
  const configRef = configInUse(flags, context);
  const reader = new ConfigReader(awsOptions(flags, context));
  const agent = await reader.agent({ configRef, settings: agentSettings({ ...flags }, context.env) });
  const shown = effectiveSettings(agent).map(
    ({ key, value, origin }): ShownSetting => ({
      setting: key,
      value,
      ...(flags.origin ? { origin: formatPlace(origin) } : {}),
    }),
  );
  context.terminal.data(flags.output === 'json' ? JSON.stringify(shown, null, 2) : settingsTable(shown, context));
  return EXIT.ok;
}

function settingsTable(shown: readonly ShownSetting[], { terminal }: CliContext): string {
  const hasOrigin = shown.some(({ origin }) => origin !== undefined);
  const head = ['SETTING', 'VALUE', ...(hasOrigin ? ['ORIGIN'] : [])].map((title) => terminal.dataStyle('dim', title));
  return tableText([
    head,
    ...shown.map(({ setting, value, origin }) => [
      setting,
      valueText(value),
      ...(origin === undefined ? [] : [origin]),
    ]),
  ]);
}
