import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isJsonMap, type Json, type JsonMap } from '../core/json.ts';
import { parseJsonText } from '../core/parse-json-text.ts';
import { usageError } from './user-error.ts';

/** The parameters that `-p k=v` and `-p @file.json` say, the later over the earlier. */
export async function readParameters(words: readonly string[], cwd: string): Promise<JsonMap> {
  const maps = await Promise.all(
    words.map((word, index) => (word.startsWith('@') ? fromFile(word, cwd) : fromPair(word, index + 1))),
  );
  return Object.assign({}, ...maps);
}

/** What is wrong with a word is said by its place: the word itself may be a secret whose name was forgotten. */
function fromPair(word: string, place: number): JsonMap {
  const equals = word.indexOf('=');
  if (equals < 1)
    throw usageError(`-p takes key=value or @file.json: -p number ${place} has no key before an equals sign`);
  return Object.fromEntries([[word.slice(0, equals), readValue(word.slice(equals + 1))]]);
}

/** JSON where it is JSON (`3`, `true`, `["a"]`), else text: also a number too large to be kept to its last digit. */
function readValue(text: string): Json {
  const parsed = parseJsonText(text);
  if (!parsed.ok) return text;
  const isInexact = typeof parsed.value === 'number' && Math.abs(parsed.value) > Number.MAX_SAFE_INTEGER;
  return isInexact ? text : parsed.value;
}

async function fromFile(word: string, cwd: string): Promise<JsonMap> {
  const path = word.slice(1);
  const text = await readFile(resolve(cwd, path), 'utf8').catch((error: unknown) => {
    throw usageError(
      `the file of -p ${word} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const parsed = parseJsonText(text);
  if (!parsed.ok) throw usageError(`${path}: ${parsed.error.message}`);
  if (!isJsonMap(parsed.value)) throw usageError(`${path} does not hold a JSON object`);
  return parsed.value;
}
