import type { Place } from '../core/fault.ts';
import type { Json, JsonMap } from '../core/json.ts';
import type { AgentConfig } from './agent-config.ts';
import { agentShape } from './agent-shape.ts';
import { type ConfigNode, type MapNode, nodeOf, scalar, toJson } from './config-node.ts';
import { durationText } from './duration.ts';
import { merge } from './merge.ts';

/** A setting that is in effect. */
export interface EffectiveSetting {
  /** `limits.concurrentRuns` */
  readonly key: string;
  readonly value: Json;
  /** A file's line, a flag, a variable, `host`, or `built-in`. */
  readonly origin: Place;
}

const BUILT_IN: Place = { file: 'built-in' };
const HIDDEN = '(hidden)';

/** Every setting of agent.yaml, as it was written or as defaults have it, with who says so. Secrets are not shown. */
export function effectiveSettings(agent: AgentConfig): readonly EffectiveSetting[] {
  const { name, document } = agent;
  const defaults = nodeOf(builtIn(agent), BUILT_IN);
  const said = defaults.kind === 'map' ? merge(withName(defaults, name), document) : document;
  return [...said.entries].flatMap(([key, { value }]) => settingsOf(value, key));
}

function withName(defaults: MapNode, name: string): MapNode {
  const node = scalar(name, { file: 'host' });
  return { ...defaults, entries: new Map([['name', { at: node.origin, value: node }], ...defaults.entries]) };
}

/** What holds where nobody says anything, in the words of the file; how long a retry waits at most follows from its delay. */
function builtIn({ retries, timeouts }: AgentConfig): JsonMap {
  const { CRASHED, FAILED } = retries;
  const parsed: JsonMap = JSON.parse(JSON.stringify(agentShape.parse({})));
  return {
    ...parsed,
    timeouts: { start: durationText(timeouts.startMs) },
    retries: {
      FAILED: { max: FAILED.max },
      CRASHED: {
        max: CRASHED.max,
        delay: durationText(CRASHED.delayMs),
        backoff: CRASHED.backoff,
        maxDelay: durationText(CRASHED.maxDelayMs),
      },
    },
  };
}

function settingsOf(node: ConfigNode, key: string): readonly EffectiveSetting[] {
  const isEmpty = node.kind === 'map' && node.entries.size === 0;
  if (node.kind !== 'map' || isEmpty) return [{ key, value: shownValue(node, key), origin: node.origin }];
  return [...node.entries].flatMap(([name, { value }]) => settingsOf(value, `${key}.${name}`));
}

/** A token is for the server alone, and an address to send alerts to often holds one. */
function shownValue(node: ConfigNode, key: string): Json {
  if (key === 'http.token') return HIDDEN;
  const value = toJson(node);
  if (key !== 'notify' || !Array.isArray(value)) return value;
  return value.map((alert: Json) => withoutAddress(alert));
}

function withoutAddress(alert: Json): Json {
  if (typeof alert !== 'object' || alert === null || Array.isArray(alert)) return alert;
  const known = new Set(['name', 'when', 'flows', 'to', 'throttle', 'topic']);
  return Object.fromEntries(Object.entries(alert).map(([key, value]) => [key, known.has(key) ? value : HIDDEN]));
}
