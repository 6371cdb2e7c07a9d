import { connectAws } from '../agent/connect-aws.ts';
import type { AgentRow } from '../core/agent-registry.ts';
import type { CliContext } from './cli-context.ts';
import { connect, tableOf } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { tableText } from './print-table.ts';
import { durationText } from './print-time.ts';

export interface ShowAgentsFlags extends ConnectionFlags {
  readonly output: string;
}

/** An agent says once a minute that it is there: without a word for three, something is wrong. */
const SILENT_MS = 180_000;

/** Prints who works on the table, those who are silent among them. */
export async function showAgents(flags: ShowAgentsFlags, context: CliContext): Promise<void> {
  const { terminal, clock } = context;
  const connection = await connect(flags, context);
  const rows = await connectAws(connection.aws).agents(tableOf(connection)).list();
  const now = clock.now();
  const agents = rows.map((row) => ({ ...row, state: stateOf(row, now) }));
  if (flags.output === 'json') return terminal.data(JSON.stringify(agents.map(forPrograms), null, 2));
  if (agents.length === 0) return terminal.say('no agent has been seen for a day; slipway agent start');
  const head = ['AGENT', 'STATE', 'SEEN', 'UP', 'RUNS', 'FLOWS', 'LABELS', 'VERSION', 'HOST'];
  const lines = agents.map((agent) => [
    agent.name,
    terminal.dataStyle(agent.state === 'silent' ? 'red' : 'green', agent.state),
    `${durationText(now - agent.seenAt)} ago`,
    durationText(agent.seenAt - agent.startedAt),
    String(agent.ownRuns),
    String(agent.flows),
    agent.labels.join(',') || '-',
    agent.version,
    `${agent.host}:${agent.pid}`,
  ]);
  terminal.data(tableText([head.map((title) => terminal.dataStyle('dim', title)), ...lines]));
}

function stateOf({ state, seenAt }: AgentRow, now: number): AgentRow['state'] | 'silent' {
  return state !== 'stopped' && now - seenAt > SILENT_MS ? 'silent' : state;
}

function forPrograms({ startedAt, seenAt, ...row }: Omit<AgentRow, 'state'> & { readonly state: string }) {
  return { ...row, startedAt: new Date(startedAt).toISOString(), seenAt: new Date(seenAt).toISOString() };
}
