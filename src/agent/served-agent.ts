import type { ObservedCall } from '../aws/watch-calls.ts';
import { addHealthRoutes } from '../server/health-routes.ts';
import type { HttpAddress } from '../server/http-address.ts';
import { HttpServer } from '../server/http-server.ts';
import { describeError } from '../service/log.ts';
import { AgentMetrics } from './agent-metrics.ts';
import type { AgentOptions } from './agent-tools.ts';
import { AgentVitals } from './agent-vitals.ts';
import type { AwsPorts, OperatorPorts } from './connect-aws.ts';
import { type Agent, createAgent } from './create-agent.ts';
import { GaugeReader } from './read-gauges.ts';

export interface ServedAgentOptions extends Omit<AgentOptions, 'aws' | 'observer' | 'companions'> {
  /** The ports, with each call told of. */
  readonly connect: (onCall: (call: ObservedCall) => void) => AwsPorts & OperatorPorts;
  readonly address: HttpAddress;
  /** Whoever has it sees metrics and details; needed where others than this machine can ask. */
  readonly token: string | undefined;
}

const GAUGES_MS = 60_000;

//  agent ── rounds, moves ──> vitals, metrics <── calls ── AWS ports
//                                │      │
//                             HTTP server      gauges: what waits
/** The agent as a program: with its health and metrics, and the HTTP server that tells them. */
export function createServedAgent(options: ServedAgentOptions): Agent {
  const { clock, log, table, address, token } = options;
  const draining = new AbortController();
  const vitals = new AgentVitals({ clock, table, draining: draining.signal });
  const metrics = new AgentMetrics({
    clock,
    isFlow: (name) => agent.status.workspace.flows.has(name),
    prices: () => agent.status.workspace.agent.prices,
  });
  const aws = options.connect((call) => {
    vitals.onCall(call);
    metrics.onCall(call);
  });
  const gauges = new GaugeReader({
    clock,
    gauge: aws.gauge(table),
    queues: () => agent.status.workspace.agent.queues.map(({ url }) => url),
    credentialsEnd: () => aws.credentialsEnd(),
    onTrouble: (trouble) =>
      trouble.kind === 'began' && log.warn('gauges.failing', { error: describeError(trouble.error) }),
    onRound: (report) => vitals.onRound(report),
    notice: {
      onQueueDepth: (queue, waiting) => metrics.onQueueDepth(queue, waiting),
      onOldestDue: (dueAt) => metrics.onOldestDue(dueAt),
      onCredentials: (until) => vitals.onCredentials(until),
    },
    everyMs: GAUGES_MS,
  });
  const agent: Agent = createAgent({
    ...options,
    aws,
    observer: {
      onRound: (report) => vitals.onRound(report),
      onMove: (run) => metrics.onMove(run),
      onBeat: () => metrics.onBeat(),
      onChore: (chore, outcome) => metrics.onChore(chore, outcome),
      onTick: (run, lateMs) => metrics.onTick(run, lateMs),
    },
    companions: [gauges],
  });
  const source = {
    live: () => vitals.live(),
    ready: () => vitals.ready(),
    metrics: () => metrics.text(),
    poke: () => agent.poke(),
  };
  const http = new HttpServer({ address, clock, log, addRoutes: (app) => addHealthRoutes(app, source, token) });
  return withRun(agent, async (stop) => {
    stop.signal.addEventListener('abort', () => draining.abort(), { once: true });
    await http.start();
    // It answers until the drain is over: "draining" is what a load balancer has to hear.
    try {
      await agent.run(stop);
    } finally {
      await http.close();
    }
  });
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
