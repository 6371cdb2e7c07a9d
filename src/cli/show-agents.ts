import { lifeOf } from '../core/agent-life.ts';
import type { ChoreRecord } from '../core/chores.ts';
import { type AgentPresence, type Fleet, REMEMBERED_MS } from '../core/fleet.ts';
import { isTroubled, outcomeWords } from './chore-words.ts';
import type { CliContext } from './cli-context.ts';
import { openChores, openFleet } from './connected-store.ts';
import { connect } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { tableText } from './print-table.ts';
import { durationText } from './print-time.ts';
import { printable } from './printable.ts';
import type { Style } from './terminal.ts';

export interface ShowAgentsFlags extends ConnectionFlags {
  readonly output: string;
}

interface Shown extends AgentPresence {
  readonly life: ReturnType<typeof lifeOf>;
  /** How many shards of the runs in flight it watches. */
  readonly shards: number;
}

/** Prints who works on the table, those who are silent among them, and what became of the chores. */
export async function showAgents(flags: ShowAgentsFlags, context: CliContext): Promise<void> {
  const { terminal, clock } = context;
  const connection = await connect(flags, context);
  const fleet = await openFleet(connection);
  const now = clock.now();
  const agents = shownOf(await fleet.read(), now);
  if (flags.output === 'json') return terminal.data(JSON.stringify(agents.map(forPrograms), null, 2));
  if (agents.length === 0) return terminal.say('no agent has been seen for a day; slipway agent start');
  const style = terminal.dataStyle;
  terminal.data(tableText([headOf(AGENT_HEAD, style), ...agents.map((agent) => lineOf(agent, now, style))]));
  const chores = await (await openChores(connection)).read();
  if (chores.length === 0) return;
  const lines = chores.map((record) => choreLine(record, now, style));
  terminal.data(`\n${tableText([headOf(CHORE_HEAD, style), ...lines])}`);
}

const AGENT_HEAD = ['AGENT', 'STATE', 'SEEN', 'UP', 'RUNS', 'WATCHES', 'FLOWS', 'LABELS', 'VERSION', 'HOST'];
const CHORE_HEAD = ['CHORE', 'OF', 'LAST', 'BY', 'OUTCOME'];

function headOf(titles: readonly string[], style: Style): readonly string[] {
  return titles.map((title) => style('dim', title));
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

function choreLine(record: ChoreRecord, now: number, style: Style): readonly string[] {
  const { chore, part, by, beganAt } = record;
  const outcome = printable(outcomeWords(record));
  const shown = isTroubled(record, now) ? style('red', outcome) : outcome;
  return [chore, part, `${durationText(now - beganAt)} ago`, by, shown];
}

function forPrograms({ life, state: _said, beat: _beat, at, process, ...agent }: Shown) {
  const { startedAt, ...program } = process;
  const { name, instance, ...rest } = agent;
  const times = { startedAt: new Date(startedAt).toISOString(), seenAt: new Date(at).toISOString() };
  return { name, instance, state: life, ...program, ...times, ...rest };
}
