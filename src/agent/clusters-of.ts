import { launchFacts } from '../runs/launch-facts.ts';
import type { Workspace } from '../templates/workspace.ts';

const known = new WeakMap<Workspace, readonly string[]>();

/** The clusters that launches name, over all flows and environments, and the agent's own. */
export function clustersOf(workspace: Workspace): readonly string[] {
  const found = known.get(workspace) ?? clustersNamed(workspace);
  known.set(workspace, found);
  return found;
}

function clustersNamed(workspace: Workspace): readonly string[] {
  const { cluster } = workspace.agent.ecs;
  const named = [...(typeof cluster === 'string' ? [cluster] : []), ...launchFacts(workspace).clusters];
  return [...new Set(named.length > 0 ? named : ['default'])];
}
