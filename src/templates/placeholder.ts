import type { Fault } from '../core/fault.ts';
import { type Json, type JsonMap, ownValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { TickValues } from '../core/schedules/tick-values.ts';
import { type ConfigNode, nodeOf } from './config-node.ts';

/** What `{{ … }}` may name, as far as it is known; a name that is left out is one that this run does not have. */
export interface PlaceholderValues {
  readonly environment?: string;
  readonly runId?: string;
  readonly parameters?: JsonMap;
  readonly tick?: TickValues;
}

/** Docker has templates of its own, which begin with a dot: `{{.Name}}` is left to it. */
const PLACEHOLDER = /\{\{(?!\s*\.)([^{}]*)\}\}/g;

/** What `tick.…` may name; times are ISO 8601 in UTC, under two names. */
const TICK_NAMES: Readonly<Record<string, (tick: TickValues) => string | undefined>> = {
  'tick.date': ({ date }) => date,
  'tick.time': ({ time }) => time,
  'tick.iso': ({ time }) => time,
  'tick.previous.date': ({ previous }) => previous?.date,
  'tick.previous.time': ({ previous }) => previous?.time,
  'tick.previous.iso': ({ previous }) => previous?.time,
};
const NAMES = ['parameters.<name>', 'environment', 'run.id', ...Object.keys(TICK_NAMES)];

export function hasPlaceholder(text: string): boolean {
  return text.includes('{{') && text.search(PLACEHOLDER) >= 0;
}

/** Whether a value holds a placeholder at any depth. */
export function containsPlaceholder(node: ConfigNode): boolean {
  if (node.kind === 'scalar') return typeof node.value === 'string' && hasPlaceholder(node.value);
  if (node.kind === 'list') return node.items.some(containsPlaceholder);
  for (const { value } of node.entries.values()) if (containsPlaceholder(value)) return true;
  return false;
}

/**
 * Fills the placeholders of a parsed value; keys are never looked at. One that is the whole of a text keeps the type of
 * what it names. Nothing is filled in twice: a parameter that looks like a placeholder stays as it is.
 */
export function fillPlaceholders(node: ConfigNode, values: PlaceholderValues): Result<ConfigNode, readonly Fault[]> {
  const faults: Fault[] = [];
  const filled = fill(node, values, faults);
  return faults.length > 0 ? err(faults) : ok(filled);
}

function fill(node: ConfigNode, values: PlaceholderValues, faults: Fault[]): ConfigNode {
  if (!containsPlaceholder(node)) return node;
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => fill(item, values, faults)) };
  if (node.kind === 'map') {
    const entries = [...node.entries].map(
      ([key, { at, value }]) => [key, { at, value: fill(value, values, faults) }] as const,
    );
    return { ...node, entries: new Map(entries) };
  }
  const filled = fillText(String(node.value), values);
  if (filled.ok) return { ...nodeOf(filled.value, node.origin), ...(node.overrode ? { overrode: node.overrode } : {}) };
  faults.push(...filled.error.map((fault) => ({ place: node.origin, ...fault })));
  return node;
}

/** The value that a text with placeholders stands for. */
export function fillText(text: string, values: PlaceholderValues): Result<Json, readonly Fault[]> {
  const faults: Fault[] = [];
  const named = (name: string): Json => {
    const value = lookUp(name, values);
    if (value.ok) return value.value;
    faults.push(value.error);
    return '';
  };
  const whole = /^\{\{(?!\s*\.)([^{}]*)\}\}$/.exec(text)?.[1];
  const value =
    whole !== undefined
      ? named(whole.trim())
      : text.replace(PLACEHOLDER, (_, name: string) => asText(named(name.trim())));
  return faults.length > 0 ? err(faults) : ok(value);
}

function asText(value: Json): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function lookUp(name: string, values: PlaceholderValues): Result<Json, Fault> {
  const [first = '', ...rest] = name.split('.');
  if (first === 'parameters' && rest.length > 0) return parameter(name, rest, values.parameters ?? {});
  switch (name) {
    case 'environment':
      return present(name, values.environment, 'the run names no environment');
    case 'run.id':
      return present(name, values.runId, 'the run has no id yet');
    default:
      return Object.hasOwn(TICK_NAMES, name) ? tickValue(name, values.tick) : unknown(name);
  }
}

function tickValue(name: string, tick: TickValues | undefined): Result<Json, Fault> {
  if (tick === undefined) return present(name, undefined, 'the run was not made by a schedule');
  return present(name, TICK_NAMES[name]?.(tick), 'only the parameters and the runConfig of a schedule may ask for it');
}

function unknown(name: string): Result<Json, Fault> {
  return err({ message: `{{ ${name} }} names nothing`, hint: `known are ${NAMES.join(', ')}` });
}

function present(name: string, value: string | undefined, why: string): Result<Json, Fault> {
  return value === undefined ? err({ message: `{{ ${name} }} has no value: ${why}` }) : ok(value);
}

function parameter(name: string, path: readonly string[], parameters: JsonMap): Result<Json, Fault> {
  const value = parameterAt(parameters, path);
  return value === undefined
    ? err({ message: `{{ ${name} }} has no value: the run has no such parameter` })
    : ok(value);
}

/** The parameter at a path of names, if there is one. */
export function parameterAt(parameters: JsonMap, path: readonly string[]): Json | undefined {
  let value: Json | undefined = parameters;
  for (const step of path) {
    value =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? ownValue(value as JsonMap, step)
        : undefined;
  }
  return value;
}
