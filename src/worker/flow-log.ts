import type { FlowLog, LogFields } from '../sdk/flow-context.ts';
import type { Clock } from '../service/clock.ts';
import type { LogLevel } from '../service/log.ts';

/** Not asked of the worker's own log: its library need not be loaded into the flow's process. */
const RANK = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, silent: 5 } as const satisfies Record<LogLevel, number>;

export interface FlowLogOptions {
  readonly level: LogLevel;
  readonly clock: Clock;
  /** On every line; the flow's own fields cannot change them. */
  readonly ids: LogFields;
  readonly write: (line: string) => void;
}

/** The log of a flow: one JSON line per event, whatever is thrown into it. */
export function createFlowLog({ level, clock, ids, write }: FlowLogOptions): FlowLog {
  const at = (own: LogLevel) => {
    if (RANK[own] < RANK[level]) return () => undefined;
    return (event: string, fields: LogFields = {}) => {
      const fixed = { time: new Date(clock.now()).toISOString(), level: own, event, ...ids };
      write(`${lineOf(fixed, fields)}\n`);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function lineOf(fixed: LogFields, fields: LogFields): string {
  try {
    return JSON.stringify({ ...fixed, ...fields, ...fixed }, sayable);
  } catch (error) {
    // A cycle, or a toJSON that throws: the event itself must not be lost for it.
    return JSON.stringify({ ...fixed, unsayable: String(error).split('\n', 1)[0] });
  }
}

function sayable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
}
