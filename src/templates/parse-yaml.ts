import { EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import type { Fault, Place } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ConfigNode } from './config-node.ts';
import { LineIndex } from './line-index.ts';
import { YamlBuilder } from './yaml-builder.ts';
import { YAML_LIMITS } from './yaml-limits.ts';

/**
 * Reads one YAML 1.2 document (JSON is YAML): scalars of the core schema, `<<` merge keys, no other tags. Every value and
 * key keeps its line and column. An empty document is a null. All faults are reported together; nothing is thrown.
 */
export function parseYaml(bytes: Uint8Array, file: string): Result<ConfigNode, readonly Fault[]> {
  if (bytes.byteLength > YAML_LIMITS.bytes) {
    return err([{ place: { file }, message: `is larger than ${YAML_LIMITS.bytes / 1024} KB` }]);
  }
  const text = decode(bytes);
  if (text === undefined) return err([{ place: { file }, message: 'is not UTF-8 text' }]);
  const lines = new LineIndex(text);
  const place = (offset: number): Place => ({ file, ...lines.locate(offset) });
  const events = readEvents(text, file, place);
  if (!events.ok) return events;
  if (events.value.filter(({ type }) => type === EVENT_ID.DOCUMENT).length > 1) {
    const message = 'a second document begins: one file is one document';
    return err([{ place: place(secondDocument(text)), message }]);
  }
  return new YamlBuilder(text, events.value, place).build();
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function readEvents(text: string, file: string, place: (offset: number) => Place): Result<Event[], readonly Fault[]> {
  try {
    // js-yaml refuses the collection that reaches its limit.
    return ok(parseEvents(text, { filename: file, maxDepth: YAML_LIMITS.depth + 1 }));
  } catch (error) {
    if (!(error instanceof YAMLException))
      return err([{ place: { file }, message: `cannot be read as YAML: ${String(error)}` }]);
    return err([syntaxFault(text, error, place, file)]);
  }
}

/** What the parser's own words mostly mean. */
const HINTS: readonly (readonly [string, string])[] = [
  ['bad indentation of a mapping entry', 'text with ": " in it, or with @, % or ` in front, has to be in quotes'],
  ['deficient indentation', 'a bracket or a quote above is not closed'],
];

function syntaxFault(text: string, error: YAMLException, place: (offset: number) => Place, file: string): Fault {
  const offset = error.mark?.position;
  const at = offset === undefined ? { file } : place(offset);
  if (/nesting|depth/i.test(error.reason))
    return { place: at, message: `is nested deeper than ${YAML_LIMITS.depth} levels` };
  const tab = offset === undefined ? -1 : tabBefore(text, offset);
  if (tab >= 0) return { place: place(tab), message: 'a tab indents this line', hint: 'indent with spaces' };
  const hint = HINTS.find(([words]) => error.reason.startsWith(words))?.[1];
  return { place: at, message: error.reason, ...(hint === undefined ? {} : { hint }) };
}

/** The offset of a tab in the indentation of the line, or -1: YAML's own message for it is hard to understand. */
function tabBefore(text: string, offset: number): number {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const indentation = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  const tab = indentation.indexOf('\t');
  return tab < 0 ? -1 : start + tab;
}

/** The offset of the marker before a second document: the first one that has something above it. */
function secondDocument(text: string): number {
  const markers = [...text.matchAll(/^(?:---|\.\.\.)(?=\s|$)/gm)].map(({ index }) => index);
  const isContent = (line: string) => line.trim() !== '' && !/^\s*#|^%|^---\s*$/.test(line);
  return markers.find((offset) => text.slice(0, offset).split('\n').some(isContent)) ?? 0;
}
