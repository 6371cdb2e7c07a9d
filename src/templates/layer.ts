import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import { child, emptyMap, type MapNode, type ScalarNode } from './config-node.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { stopTimeoutIn } from './stop-timeout.ts';
import type { Workspace } from './workspace.ts';

/** Low to high. `retry` is what the agent itself changes after an attempt that ran out of memory. */
export const LAYERS = ['agent', 'environment', 'flow', 'request', 'retry'] as const;
export type LayerName = (typeof LAYERS)[number];

/** What one layer says, in the words of `runConfig`. */
export interface Layer {
  readonly name: LayerName;
  readonly config: MapNode;
  /** Its `timeouts.stop`, in seconds: the one word about the container that a file has outside its `runConfig`. */
  readonly stopTimeout?: ScalarNode;
}

/** The layers that files say, low to high. */
export function layersOf(
  workspace: Workspace,
  flow: FlowDefinition,
  environment: string | undefined,
): Result<readonly Layer[], readonly Fault[]> {
  const { document } = workspace.agent;
  const agent = layer('agent', document, 'ecs');
  const own = layer('flow', flow.document, 'runConfig');
  const environments = child(document, 'environments');
  const known = environments?.kind === 'map' ? [...environments.entries.keys()] : [];
  if (environment === undefined || known.length === 0) return ok([agent, own]);
  const chosen = child(environments, environment);
  if (chosen?.kind !== 'map') {
    return err([
      {
        place: { file: 'request' },
        message: `there is no environment "${environment}"`,
        hint: `agent.yaml has ${known.join(', ')}`,
      },
    ]);
  }
  return ok([agent, layer('environment', chosen, 'runConfig'), own]);
}

function layer(name: LayerName, owner: MapNode, key: string): Layer {
  const config = child(owner, key);
  const stopTimeout = stopTimeoutIn(owner);
  return {
    name,
    config: config?.kind === 'map' ? config : emptyMap(owner.origin),
    ...(stopTimeout === undefined ? {} : { stopTimeout }),
  };
}
