import type { Fault } from './fault.ts';
import type { Json } from './json.ts';
import { err, ok, type Result } from './result.ts';

const MAX_DEPTH = 64;
const FORBIDDEN_KEYS = /"(?:__proto__|constructor|prototype)"\s*:/;

/**
 * Reads JSON text from outside. Refuses what would hurt later: nesting deeper than 64 (JSON.stringify overflows on it) and
 * keys that a careless merge would take for prototypes.
 */
export function parseJsonText(text: string): Result<Json, Fault> {
  if (depthOf(text) > MAX_DEPTH) return err({ message: `the JSON is nested deeper than ${MAX_DEPTH} levels` });
  try {
    const value: Json = JSON.parse(text);
    const forbidden = FORBIDDEN_KEYS.exec(text);
    if (forbidden && hasForbiddenKey(value))
      return err({ message: `the key ${forbidden[0].replace(/\s*:$/, '')} is not allowed` });
    return ok(value);
  } catch (error) {
    return err({ message: `the body is not JSON: ${error instanceof Error ? error.message : String(error)}` });
  }
}

function hasForbiddenKey(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  return Object.entries(value).some(([key, member]) => FORBIDDEN_KEYS.test(`"${key}":`) || hasForbiddenKey(member));
}

const STRING_OR_BRACKET = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/gs;

/** Counts brackets outside strings, without recursion. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(STRING_OR_BRACKET)) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
