import type { z } from 'zod';
import type { Fault } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import { agentShape } from './agent-shape.ts';
import { type ConfigNode, child, emptyMap, isNull, type MapNode, onlyKeys } from './config-node.ts';
import { asMap, checkShape } from './document-check.ts';
import { refFrom } from './place-ref.ts';
import {
  DEFAULT_RETRIES,
  DEFAULT_TIMEOUTS,
  type Retries,
  retriesOver,
  type Timeouts,
  timeoutsOver,
} from './run-rules.ts';
import { applySettings, type Settings } from './settings.ts';
import { runConfigFaults } from './validate/run-config.ts';

type Written = z.output<typeof agentShape>;

/** agent.yaml with its flags and variables, defaults applied (DESIGN 7.2). */
export interface AgentConfig extends Readonly<Omit<Written, 'name' | 'retries' | 'timeouts'>> {
  readonly name: string;
  /** The folder or `s3://` prefix of the flows, resolved. */
  readonly flows: string;
  readonly retries: Retries;
  readonly timeouts: Timeouts;
  /** As it was written, with every value's place: what launches are made from. */
  readonly document: MapNode;
}

/** Reads agent.yaml. `settings` are flags and `SLIPWAY_*` variables; a name that nobody gives is the host's. */
export function parseAgentConfig(
  document: ConfigNode,
  settings: Settings,
  hostName: string,
): Result<AgentConfig, readonly Fault[]> {
  const map = asMap(isNull(document) ? emptyMap(document.origin) : document, 'agent.yaml');
  if (!map.ok) return map;
  const node = withoutNulls(applySettings(map.value, settings));
  const checked = checkShape(node, agentShape);
  const faults = [...(checked.ok ? [] : checked.error), ...sectionFaults(node)];
  if (!checked.ok || faults.length > 0) return err(faults);
  const { name, retries, timeouts, ...rest } = checked.value;
  // The default folder is beside the file, whatever flags say besides.
  const origin = child(node, 'flows')?.origin ?? map.value.origin;
  return ok({
    ...rest,
    name: name ?? hostName,
    flows: refFrom(origin, rest.flows),
    roots: rest.roots.map((root) => refFrom(child(node, 'roots')?.origin ?? node.origin, root)),
    retries: retriesOver(retries, DEFAULT_RETRIES),
    timeouts: timeoutsOver(timeouts, DEFAULT_TIMEOUTS),
    document: node,
  });
}

/** `events:` with nothing behind it says nothing. */
function withoutNulls(map: MapNode): MapNode {
  return onlyKeys(map, (key) => !isNull(map.entries.get(key)?.value));
}

function sectionFaults(node: MapNode): readonly Fault[] {
  const environments = child(node, 'environments');
  const named = environments?.kind === 'map' ? [...environments.entries.values()] : [];
  return [child(node, 'ecs'), ...named.map(({ value }) => child(value, 'runConfig'))].flatMap((section) =>
    section === undefined ? [] : runConfigFaults(section),
  );
}
