import { ownValue } from '../core/json.ts';
import type { Workspace } from '../templates/workspace.ts';

/** The clusters that the agent and its flows name. */
export function clustersOf({ agent, flows }: Workspace): readonly string[] {
  const ofFlows = [...flows.values()].map(({ runConfig }) => ownValue(runConfig, 'cluster'));
  const named = [agent.ecs.cluster, ...ofFlows].filter((cluster) => typeof cluster === 'string');
  return [...new Set(named.length > 0 ? named : ['default'])];
}
