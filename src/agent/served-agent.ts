import type { ObservedCall } from '../aws/watch-calls.ts';
import { addHealthRoutes } from '../server/health-routes.ts';
import type { HttpAddress } from '../server/http-address.ts';
import { HttpServer } from '../server/http-server.ts';
import { AgentMetrics } from './agent-metrics.ts';
import type { AgentOptions } from './agent-tools.ts';
import { AgentVitals } from './agent-vitals.ts';
import type { AwsPorts } from './connect-aws.ts';
import { type Agent, createAgent } from './create-agent.ts';

export interface ServedAgentOptions extends Omit<AgentOptions, 'aws' | 'observer'> {
  /** The ports, with each call told of. */
  readonly connect: (onCall: (call: ObservedCall) => void) => AwsPorts;
  readonly address: HttpAddress;
  /** Whoever has it sees metrics and details; needed where others than this machine can ask. */
  readonly token: string | undefined;
}

/** The agent as a program: with its health, its metrics, and the HTTP server that tells them. */
export function createServedAgent(options: ServedAgentOptions): Agent {
  const { clock, log, table, address, token } = options;
  const draining = new AbortController();
  const vitals = new AgentVitals({ clock, table, draining: draining.signal });
  const metrics = new AgentMetrics({ clock, isFlow: (name) => agent.status.workspace.flows.has(name) });
  const aws = options.connect((call) => {
    vitals.onCall(call);
    metrics.onCall(call);
  });
  const agent: Agent = createAgent({
    ...options,
    aws,
    observer: { onRound: (report) => vitals.onRound(report), onMove: (run) => metrics.onMove(run) },
  });
  const source = {
    live: () => vitals.live(),
    ready: () => vitals.ready(),
    metrics: () => metrics.text(),
    poke: () => agent.poke(),
  };
  const http = new HttpServer({ address, clock, log, addRoutes: (app) => addHealthRoutes(app, source, token) });
  return {
    name: agent.name,
    run: async (stop) => {
      stop.signal.addEventListener('abort', () => draining.abort(), { once: true });
      await http.start();
      // It answers until the drain is over: "draining" is what a load balancer has to hear.
      await agent.run(stop).finally(() => http.close());
    },
    processAll: (stop) => agent.processAll(stop),
    reload: () => agent.reload(),
    poke: () => agent.poke(),
    get status() {
      return agent.status;
    },
  };
}
