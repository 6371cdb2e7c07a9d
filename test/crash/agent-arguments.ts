import type { AgentPace } from '../../src/agent/agent-pace.ts';

/** What an agent's process is started with, as JSON in its one argument. */
export interface AgentArguments {
  readonly name: string;
  readonly configRef: string;
  readonly queueUrl: string;
  readonly table: string;
  readonly endpoint: string;
  readonly pace: AgentPace;
  /** A launch that has not moved for so long is brought on by another agent. */
  readonly leaseMs: number;
}
