import { canonicalJson } from '../core/canonical-json.ts';
import type { Json } from '../core/json.ts';
import type { AgentConfig } from '../templates/agent-config.ts';

/** Settings that an agent takes at its start, and then no more: what it is, and what it is connected to. */
const FIXED = [
  'name',
  'queues',
  'events',
  'table',
  'bucket',
  'http',
  'logLevel',
] as const satisfies readonly (keyof AgentConfig)[];

/** Its pace of calls is set up at the start, too. */
const FIXED_LIMITS = ['launchesPerSecond', 'registrationsPerSecond', 'readsPerSecond', 'stopsPerSecond'] as const;

/** Names of the settings that are not as they were when the agent started: only a new start takes them. */
export function settingsForRestart(atStart: AgentConfig, now: AgentConfig): readonly string[] {
  const changed = FIXED.filter((key) => text(atStart[key]) !== text(now[key]));
  const limits = FIXED_LIMITS.filter((key) => atStart.limits[key] !== now.limits[key]);
  return [...changed, ...limits.map((key) => `limits.${key}`)];
}

function text(value: unknown): string {
  const json: Json = JSON.parse(JSON.stringify(value ?? null));
  return canonicalJson(json);
}
