import { isJsonMap, type JsonMap } from '../core/json.ts';
import { parseJsonText } from '../core/parse-json-text.ts';
import type { Style } from './terminal.ts';

/** What every line of a worker says, and whoever watches one run knows. */
const KNOWN = new Set(['time', 'level', 'event', 'runId', 'attempt', 'flow', 'taskArn']);
const MARKED: Readonly<Record<string, 'yellow' | 'red' | 'dim'>> = { debug: 'dim', warn: 'yellow', error: 'red' };

/** A line of output for a person: the JSON lines of flows and workers as `event key=value`, all others as they are. */
export function outputLine(message: string, style: Style): string {
  const parsed = message.startsWith('{') ? parseJsonText(message) : undefined;
  if (!parsed?.ok || !isJsonMap(parsed.value) || typeof parsed.value.event !== 'string') return message;
  return eventLine(parsed.value.event, parsed.value, style);
}

function eventLine(event: string, line: JsonMap, style: Style): string {
  const fields = Object.entries(line).filter(([name]) => !KNOWN.has(name));
  const facts = fields.map(
    ([name, value]) => style('dim', `${name}=`) + (typeof value === 'string' ? value : JSON.stringify(value)),
  );
  const level = String(line.level);
  const colour = MARKED[level];
  const head =
    colour === undefined ? event : style(colour, level === 'debug' ? event : `${level.toUpperCase()} ${event}`);
  return [head, ...facts].join('  ');
}
