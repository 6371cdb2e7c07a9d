import { lifeOf } from '../core/agent-life.ts';
import { type AgentPresence, type Fleet, REMEMBERED_MS } from '../core/fleet.ts';
import type { CliContext } from './cli-context.ts';
import { openFleet } from './connected-store.ts';
import { connect } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { tableText } from './print-table.ts';
import { durationText } from './print-time.ts';
import type { Style } from './terminal.ts';

export interface ShowAgentsFlags extends ConnectionFlags {
  readonly output: string;
}

interface Shown extends AgentPresence {
  readonly life: ReturnType<typeof lifeOf>;
  /** How many shards of the runs in flight it watches. */
  readonly shards: number;
}

/** Prints who works on the table, those who are silent among them. */
export async function showAgents(flags: ShowAgentsFlags, context: CliContext): Promise<void> {
  const { terminal, clock } = context;
  const fleet = await openFleet(await connect(flags, context));
  const now = clock.now();
  const agents = shownOf(await fleet.read(), now);
  if (flags.output === 'json') return terminal.data(JSON.stringify(agents.map(forPrograms), null, 2));
  if (agents.length === 0) return terminal.say('no agent has been seen for a day; slipway agent start');
  const head = ['AGENT', 'STATE', 'SEEN', 'UP', 'RUNS', 'WATCHES', 'FLOWS', 'LABELS', 'VERSION', 'HOST'];
  const lines = agents.map((agent) => lineOf(agent, now, terminal.dataStyle));
  terminal.data(tableText([head.map((title) => terminal.dataStyle('dim', title)), ...lines]));
}

/** By name; of one name the oldest first. DynamoDB takes its time to forget what is past (TTL: within days). */
function shownOf({ agents, leases }: Fleet, now: number): readonly Shown[] {
  return agents
    .filter(({ at }) => now - at < REMEMBERED_MS)
    .map((agent) => ({
      ...agent,
      life: lifeOf(agent, now),
      shards: leases.filter(({ holder }) => holder?.instance === agent.instance).length,
    }))
    .sort((a, b) => a.name.localeCompare(b.name) || a.process.startedAt - b.process.startedAt);
}

function lineOf({ life, process, ...agent }: Shown, now: number, style: Style): readonly string[] {
  return [
    agent.name,
    style(life === 'silent' ? 'red' : 'green', life),
    `${durationText(now - agent.at)} ago`,
    durationText(agent.at - process.startedAt),
    `${agent.inFlight} of ${agent.concurrentRuns}`,
    String(agent.shards),
    String(agent.flows),
    agent.labels.join(',') || '-',
    process.version,
    `${process.host}:${process.pid}`,
  ];
}

function forPrograms({ life, state: _said, beat: _beat, at, process, ...agent }: Shown) {
  const { startedAt, ...program } = process;
  const { name, instance, ...rest } = agent;
  const times = { startedAt: new Date(startedAt).toISOString(), seenAt: new Date(at).toISOString() };
  return { name, instance, state: life, ...program, ...times, ...rest };
}
