import { retentionMsOf } from '../core/retention.ts';
import type { AgentConfig } from './agent-config.ts';

/** For how long an ended run is kept, by agent.yaml. */
export function retentionOf({ housekeeping }: AgentConfig): { readonly retentionMs?: number } {
  const { retention } = housekeeping;
  return retention === undefined ? {} : { retentionMs: retentionMsOf(retention.days) };
}
