import type { AgentPresence } from './fleet.ts';

/** What an agent's sinks are to it. */
export interface SinkShares {
  /** Names of those of its sinks that it tells: of several agents that know one, the oldest does. */
  readonly mine: ReadonlySet<string>;
  /** Names of the sinks that only others know. */
  readonly foreign: ReadonlySet<string>;
}

/** For so long after its last sign of life an agent is expected back, and what only its sinks are to be told waits for it. */
const EXPECTED_BACK_MS = 15 * 60_000;

/** Shares out the telling among agents whose `notify` may differ. `now` is epoch milliseconds. */
export function shareSinks(
  agents: readonly AgentPresence[],
  me: { readonly instance: string; readonly sinks: readonly string[] },
  isAlive: (instance: string) => boolean,
  now: number,
): SinkShares {
  const own = new Set(me.sinks);
  const tellers = agents
    .filter(({ instance }) => isAlive(instance))
    .sort((a, b) => a.process.startedAt - b.process.startedAt || (a.instance < b.instance ? -1 : 1));
  const tellerOf = (sink: string) => tellers.find(({ sinks }) => sinks.includes(sink))?.instance;
  const expected = agents.filter(({ instance, at }) => isAlive(instance) || now - at < EXPECTED_BACK_MS);
  return {
    mine: new Set(me.sinks.filter((sink) => tellerOf(sink) === me.instance)),
    foreign: new Set(expected.flatMap(({ sinks }) => sinks).filter((sink) => !own.has(sink))),
  };
}
