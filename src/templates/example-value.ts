import { isJsonMap, type Json, type JsonMap } from '../core/json.ts';

const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
  time: '00:00:00Z',
  email: 'somebody@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** Nobody writes a form that is nested deeper; a schema that names itself has no end. */
const DEEPEST = 16;

/**
 * A value that a JSON Schema most probably allows: what it gives as an example, a default or a choice, else the smallest.
 * With `onlyRequired`, maps have the members that they must have, and no others.
 */
export function exampleValue(schema: Json | undefined, onlyRequired: boolean, depth = 0): Json {
  if (!isJsonMap(schema) || depth > DEEPEST) return {};
  const told = toldValue(schema);
  if (told !== undefined) return told;
  const [first] = listOf(schema.oneOf ?? schema.anyOf);
  if (first !== undefined) return exampleValue(first, onlyRequired, depth + 1);
  switch (typeOf(schema)) {
    case 'string':
      return exampleText(schema);
    case 'integer':
    case 'number':
      return exampleNumber(schema);
    case 'boolean':
      return false;
    case 'null':
      return null;
    case 'array':
      return Array.from({ length: numberOf(schema.minItems) ?? 0 }, () =>
        exampleValue(schema.items, onlyRequired, depth + 1),
      );
    default:
      return exampleMap(schema, onlyRequired, depth);
  }
}

function toldValue({ const: only, examples, default: usual, enum: choices }: JsonMap): Json | undefined {
  return [listOf(examples)[0], usual, only, listOf(choices)[0]].find((value) => value !== undefined);
}

function typeOf({ type, properties }: JsonMap): Json | undefined {
  if (type === undefined) return properties === undefined ? 'string' : 'object';
  return listOf(type)[0] ?? type;
}

function exampleText({ format, minLength }: JsonMap): string {
  const known = typeof format === 'string' ? FORMATS[format] : undefined;
  return known ?? 'x'.repeat(numberOf(minLength) ?? 1);
}

function exampleNumber({ minimum, exclusiveMinimum, maximum, multipleOf }: JsonMap): number {
  const above = numberOf(exclusiveMinimum);
  const least = numberOf(minimum) ?? (above === undefined ? Math.min(0, numberOf(maximum) ?? 0) : above + 1);
  const step = numberOf(multipleOf);
  return step === undefined ? least : Math.ceil(least / step) * step;
}

function exampleMap({ properties, required }: JsonMap, onlyRequired: boolean, depth: number): JsonMap {
  if (!isJsonMap(properties)) return {};
  const needed = listOf(required);
  const members = Object.entries(properties).filter(([name]) => !onlyRequired || needed.includes(name));
  return Object.fromEntries(members.map(([name, member]) => [name, exampleValue(member, onlyRequired, depth + 1)]));
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
