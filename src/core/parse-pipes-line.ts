import { isJsonMap, type Json } from './json.ts';
import { parseJsonText } from './parse-json-text.ts';
import { REPORT_METHODS, type ReportMethod } from './run-details.ts';

/** What a program has said in one line by the protocol of Dagster Pipes. */
export interface PipesMessage {
  readonly method: ReportMethod;
  readonly params: Json;
}

/** The member by which a message is known (dagster-pipes 1.13, `PIPES_PROTOCOL_VERSION_FIELD`). */
const VERSION = '__dagster_pipes_version';

/** A longer line is nobody's message. */
export const MAX_PIPES_LINE_BYTES = 4 * 1024 ** 2;

/**
 * Reads a line as a message of Dagster Pipes; undefined for any other line. Never throws: programs write what they like to
 * where messages are looked for.
 */
export function parsePipesLine(line: string): PipesMessage | undefined {
  const text = line.trim();
  if (!text.startsWith('{') || text.length > MAX_PIPES_LINE_BYTES || !text.includes(`"${VERSION}"`)) return undefined;
  const parsed = parseJsonText(text);
  if (!parsed.ok || !isJsonMap(parsed.value)) return undefined;
  const { [VERSION]: version, method, params = null } = parsed.value;
  if (typeof version !== 'string' || !(params === null || isJsonMap(params))) return undefined;
  const known = REPORT_METHODS.find((name) => name === method);
  return known === undefined || known === 'report_progress' ? undefined : { method: known, params };
}
