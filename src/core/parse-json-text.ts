import type { Fault } from './fault.ts';
import type { Json } from './json.ts';
import { err, ok, type Result } from './result.ts';

const MAX_DEPTH = 64;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads JSON text from outside. Refuses what would hurt later: nesting deeper than 64 (JSON.stringify overflows on it) and
 * keys that a careless merge would take for prototypes, however they are written.
 */
export function parseJsonText(text: string): Result<Json, Fault> {
  if (isTooDeep(text)) return err({ message: `the JSON is nested deeper than ${MAX_DEPTH} levels` });
  try {
    const value: Json = JSON.parse(text);
    const forbidden = forbiddenKeyIn(value);
    return forbidden === undefined ? ok(value) : err({ message: `the key "${forbidden}" is not allowed` });
  } catch (error) {
    return err({
      message: `the body is not JSON: ${withoutQuotes(error instanceof Error ? error.message : String(error))}`,
    });
  }
}

/** V8 quotes the text around the fault, which may be a secret, and this message goes into logs. */
function withoutQuotes(message: string): string {
  const [words = ''] = message.split(/,? (?:\.\.\.)?"/, 1);
  return words;
}

function forbiddenKeyIn(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) return key;
    const found = forbiddenKeyIn(member);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Counts brackets outside strings, character by character: a pattern that looks for strings can be made to look for ever. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < text.length && depth <= MAX_DEPTH; i += 1) {
    const char = text[i];
    // What is escaped says nothing about where the string ends.
    if (isInString && char === '\\') i += 1;
    else if (char === '"') isInString = !isInString;
    else if (!isInString) depth += depthStep(char);
  }
  return depth > MAX_DEPTH;
}

function depthStep(char: string | undefined): number {
  if (char === '{' || char === '[') return 1;
  return char === '}' || char === ']' ? -1 : 0;
}
