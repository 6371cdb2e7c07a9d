import { isJsonMap, type Json } from '../core/json.ts';
import { parseJsonText } from '../core/parse-json-text.ts';

/** Takes the values of secrets out of a text. */
export type SecretMask = (text: string) => string;

/** What stands where a secret stood. */
const MASKED = '***';

/** Shorter values stand in too many words that are no secrets. */
const MIN_LENGTH = 6;

/**
 * Masks these values wherever a program's words quote them: as they are, and as errors of clients, drivers and parsers
 * write them. A secret that is a JSON object hides in the values of its members, too. Words only: what a flow returns is its
 * author's, and stays as it is.
 */
export function secretMask(values: readonly string[]): SecretMask {
  const parts = values.flatMap(partsOf).filter((value) => value.length >= MIN_LENGTH);
  // The longest first: one that holds another must not leave its rest behind.
  const written = [...new Set(parts.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (text) => written.reduce((masked, form) => masked.replaceAll(form, MASKED), text);
}

/** The same for every text in a value. */
export function maskedJson(value: Json, mask: SecretMask): Json {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((member: Json) => maskedJson(member, mask));
  if (!isJsonMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, maskedJson(member, mask)]));
}

function partsOf(value: string): readonly string[] {
  const parsed = parseJsonText(value);
  if (!parsed.ok || !isJsonMap(parsed.value)) return [value];
  return [value, ...Object.values(parsed.value).filter((member) => typeof member === 'string')];
}

function formsOf(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const bytes = Buffer.from(value);
  const base64 = bytes.toString('base64');
  return [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    value.replaceAll('\\', '\\\\').replaceAll("'", "\\'"),
    encodeURIComponent(value),
    base64,
    base64.replaceAll('=', ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}
