import { isJsonMap, type Json } from '../core/json.ts';
import { type AgentHttpFlags, askAgent } from './agent-http.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { tableText } from './print-table.ts';

export interface CheckAgentFlags extends AgentHttpFlags {
  readonly ready: boolean;
  readonly output: string;
}

/** Prints a running agent's checks; 1 if one of them fails, as Docker and ECS want it of a health check. */
export async function checkAgent(flags: CheckAgentFlags, context: CliContext): Promise<number> {
  const answer = await askAgent(flags.ready ? '/readyz' : '/healthz', flags, context);
  const report: Json = JSON.parse(await answer.text());
  context.terminal.data(flags.output === 'json' ? JSON.stringify(report, null, 2) : reportText(report, context));
  const isShort = isJsonMap(report) && report.checks === undefined;
  if (isShort) context.terminal.say('the checks are told to who has its token: set SLIPWAY_HTTP_TOKEN');
  return answer.ok ? EXIT.ok : EXIT.bug;
}

/** With the details, if the agent gives them to us; else only the names of what fails. */
function reportText(report: Json, { terminal: { dataStyle } }: CliContext): string {
  if (!isJsonMap(report)) return String(report);
  const { checks, failing, status } = report;
  if (!Array.isArray(checks)) return `${String(status)} ${Array.isArray(failing) ? failing.join(', ') : ''}`.trim();
  const rows = checks
    .filter(isJsonMap)
    .map(({ name, ok, detail }) => [dataStyle(ok ? 'green' : 'red', ok ? 'OK' : 'NG'), String(name), String(detail)]);
  return tableText(rows);
}
