import type { JsonMap } from '../core/json.ts';
import type { LogLevel } from '../service/log.ts';

/** What the worker tells the process that runs a flow. */
export interface FlowStart {
  readonly module: string;
  readonly facts: FlowFacts;
  readonly parameters: JsonMap;
  readonly logLevel: LogLevel;
}

/** The part of a flow's context that is plain data. */
export interface FlowFacts {
  readonly runId: string;
  readonly attempt: number;
  readonly flow: string;
  readonly flowVersion: string;
  readonly org: string;
  readonly environment?: string;
  readonly correlationId?: string;
}

/** What that process tells the worker: its last word, at most one that counts. */
export type FlowWord = Returned | Threw;

interface LastWord {
  /** Said after the process itself was asked to stop, of which the worker may not have heard yet. */
  readonly stopped: boolean;
}

interface Returned extends LastWord {
  readonly slipway: 'returned';
  /** Left out when the flow returned nothing. */
  readonly json?: string;
}

interface Threw extends LastWord {
  readonly slipway: 'threw';
  readonly message: string;
}

/** Reads a message of the flow's process; undefined for one that some library of the user's has sent. */
export function parseFlowWord(message: unknown): FlowWord | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { slipway, json, message: text, stopped: said } = message as Readonly<Record<string, unknown>>;
  const stopped = said === true;
  if (slipway === 'threw' && typeof text === 'string') return { slipway, message: text, stopped };
  if (slipway !== 'returned') return undefined;
  return typeof json === 'string' ? { slipway, json, stopped } : { slipway, stopped };
}
