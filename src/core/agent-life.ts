import type { AgentPresence, AgentState } from './fleet.ts';

/** An agent that has said nothing for so long is taken for gone. Its words bear its own clock, so this is generous. */
const SILENT_MS = 120_000;

/** How an agent is, for whoever reads only once what it has said. */
export function lifeOf({ state, at }: Pick<AgentPresence, 'state' | 'at'>, now: number): AgentState | 'silent' {
  return state !== 'stopped' && now - at >= SILENT_MS ? 'silent' : state;
}
