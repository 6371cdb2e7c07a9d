import { randomUUID } from 'node:crypto';
import type { ObservedCall } from '../aws/watch-calls.ts';
import type { AgentRow } from '../core/agent-registry.ts';
import { addHealthRoutes } from '../server/health-routes.ts';
import type { HttpAddress } from '../server/http-address.ts';
import { HttpServer } from '../server/http-server.ts';
import { describeError } from '../service/log.ts';
import { AgentMetrics } from './agent-metrics.ts';
import type { AgentOptions } from './agent-tools.ts';
import { AgentVitals } from './agent-vitals.ts';
import type { AwsPorts, OperatorPorts } from './connect-aws.ts';
import { type Agent, createAgent } from './create-agent.ts';
import { Heartbeat } from './heartbeat.ts';

export interface ServedAgentOptions extends Omit<AgentOptions, 'aws' | 'observer' | 'companions'> {
  /** The ports, with each call told of. */
  readonly connect: (onCall: (call: ObservedCall) => void) => AwsPorts & OperatorPorts;
  readonly address: HttpAddress;
  /** Whoever has it sees metrics and details; needed where others than this machine can ask. */
  readonly token: string | undefined;
  /** The process, as others see it on record. */
  readonly process: Pick<AgentRow, 'host' | 'pid' | 'version'>;
}

const HEARTBEAT_MS = 60_000;

//  agent ── rounds, moves ──> vitals, metrics <── calls ── AWS ports
//                                │      │
//                             HTTP server      heartbeat ──> [agent's row]
/** The agent as a program: with its health and metrics, the HTTP server that tells them, and its row on record. */
export function createServedAgent(options: ServedAgentOptions): Agent {
  const { clock, log, table, address, token } = options;
  const draining = new AbortController();
  const vitals = new AgentVitals({ clock, table, draining: draining.signal });
  const metrics = new AgentMetrics({ clock, isFlow: (name) => agent.status.workspace.flows.has(name) });
  const aws = options.connect((call) => {
    vitals.onCall(call);
    metrics.onCall(call);
  });
  const rowNow = rowOf(options, draining.signal, () => agent);
  const heartbeat = new Heartbeat({
    clock,
    registry: aws.agents(table),
    gauge: aws.gauge(table),
    queues: () => agent.status.workspace.agent.queues.map(({ url }) => url),
    row: rowNow,
    credentialsEnd: () => aws.credentialsEnd(),
    onTrouble: (trouble) =>
      trouble.kind === 'began' && log.warn('heartbeat.failing', { error: describeError(trouble.error) }),
    onRound: (report) => vitals.onRound(report),
    notice: {
      onQueueDepth: (queue, waiting) => metrics.onQueueDepth(queue, waiting),
      onOldestDue: (dueAt) => metrics.onOldestDue(dueAt),
      onCredentials: (until) => vitals.onCredentials(until),
      onHeartbeat: () => metrics.onHeartbeat(),
    },
    everyMs: HEARTBEAT_MS,
  });
  const agent: Agent = createAgent({
    ...options,
    aws,
    observer: { onRound: (report) => vitals.onRound(report), onMove: (run) => metrics.onMove(run) },
    companions: [heartbeat],
  });
  const source = {
    live: () => vitals.live(),
    ready: () => vitals.ready(),
    metrics: () => metrics.text(),
    poke: () => agent.poke(),
  };
  const http = new HttpServer({ address, clock, log, addRoutes: (app) => addHealthRoutes(app, source, token) });
  const lastBeat = (): Promise<void> =>
    aws
      .agents(table)
      .beat({ ...rowNow(), state: 'stopped', seenAt: clock.now() })
      .catch(() => undefined);
  return withRun(agent, async (stop) => {
    stop.signal.addEventListener('abort', () => draining.abort(), { once: true });
    await http.start();
    // It answers until the drain is over: "draining" is what a load balancer has to hear.
    try {
      await agent.run(stop);
    } finally {
      await Promise.all([http.close(), lastBeat()]);
    }
  });
}

/** What the agent says of itself on record. */
function rowOf(
  { workspace, clock, process }: ServedAgentOptions,
  draining: AbortSignal,
  agent: () => Agent,
): () => Omit<AgentRow, 'seenAt'> {
  const fixed = { name: workspace.agent.name, instance: randomUUID(), startedAt: clock.now(), ...process };
  return () => {
    const { workspace: now, ownRuns } = agent().status;
    return {
      ...fixed,
      state: draining.aborted ? 'draining' : 'working',
      labels: now.agent.labels,
      queues: now.agent.queues.map(({ url }) => url),
      ownRuns,
      flows: now.flows.size,
    };
  };
}

/** The same agent, run otherwise. */
function withRun(agent: Agent, run: Agent['run']): Agent {
  return {
    name: agent.name,
    run,
    processAll: (stop) => agent.processAll(stop),
    reload: () => agent.reload(),
    poke: () => agent.poke(),
    get status() {
      return agent.status;
    },
  };
}
