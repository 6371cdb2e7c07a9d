import type { JsonMap } from '../core/json.ts';
import type { FlowEvent } from '../sdk/flow-event.ts';
import type { RunFacts } from '../sdk/flow-ports.ts';
import type { LogLevel } from '../service/log.ts';

/** What the worker tells the process that runs a flow. */
export interface FlowStart {
  readonly module: string;
  readonly facts: RunFacts;
  readonly parameters: JsonMap;
  readonly logLevel: LogLevel;
  /** Variables that hold secrets. */
  readonly secretNames?: readonly string[];
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
  /** All that is known of what was thrown. */
  readonly traceback: string;
}

/** Before its last word it tells what happens, as a JSON list of {@link ToldEvent}. */
export interface FlowNews {
  readonly slipway: 'news';
  readonly json: string;
}

/** What happens in a flow, in plain data: first of all its steps. */
export type ToldEvent =
  | { readonly kind: 'flow-started'; readonly at: number; readonly steps: readonly string[] }
  | WithErrorText<FlowEvent>;

/** An error that goes from process to process is its first line. */
type WithErrorText<Event> = Event extends { readonly error: unknown }
  ? Omit<Event, 'error'> & { readonly error: string }
  : Event;

/** And it asks for outputs of steps to be kept, or to be given back. */
export interface FlowQuestion {
  readonly slipway: 'ask';
  readonly id: number;
  readonly call: OutputCall;
}

export interface FlowAnswer {
  readonly slipway: 'answer';
  readonly id: number;
  readonly output?: OutputAnswer | undefined;
  readonly error?: string;
}

/** Which output: of a step, of one element, or under a step's cache key. */
export type OutputPlace =
  | { readonly of: 'step'; readonly step: string }
  | { readonly of: 'item'; readonly step: string; readonly index: number }
  | { readonly of: 'cache'; readonly step: string; readonly key: string };

/** How the outputs of a flow are written. */
export interface OutputFormat {
  readonly extension: string;
  readonly contentType: string;
}

export type OutputCall =
  | { readonly do: 'load'; readonly place: OutputPlace; readonly format: OutputFormat }
  | { readonly do: 'load-items'; readonly step: string; readonly format: OutputFormat }
  | {
      readonly do: 'save';
      readonly place: OutputPlace;
      readonly format: OutputFormat;
      readonly bytes: Uint8Array;
    };

/** The bytes of one output, or of all elements by their place; undefined for what is not there. */
export type OutputAnswer = Uint8Array | ReadonlyMap<number, Uint8Array> | undefined;

/** Reads a message of the flow's process; undefined for one that some library of the user's has sent. */
export function parseFlowMessage(message: unknown): FlowWord | FlowNews | FlowQuestion | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const said = message as Readonly<Record<string, unknown>>;
  switch (said.slipway) {
    case 'returned':
    case 'threw':
      return parseWord(said.slipway, said);
    case 'news':
      return typeof said.json === 'string' ? { slipway: 'news', json: said.json } : undefined;
    case 'ask':
      return parseQuestion(said);
    default:
      return undefined;
  }
}

function parseWord(slipway: FlowWord['slipway'], said: Readonly<Record<string, unknown>>): FlowWord | undefined {
  const { json, message, traceback = '' } = said;
  const stopped = said.stopped === true;
  if (slipway === 'returned') return typeof json === 'string' ? { slipway, json, stopped } : { slipway, stopped };
  return typeof message === 'string' ? { slipway, message, traceback: String(traceback), stopped } : undefined;
}

function parseQuestion({ id, call }: Readonly<Record<string, unknown>>): FlowQuestion | undefined {
  if (typeof id !== 'number' || typeof call !== 'object' || call === null) return undefined;
  return { slipway: 'ask', id, call: call as OutputCall };
}
