import { AwsError } from './service.ts';

/** The members of a call or of a structure inside it, as they came. */
export type Input = Readonly<Record<string, unknown>>;

/** Reads a text member; a value of another type is AWS's `SerializationException`. */
export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw wrongType(name, 'a string');
}

export function optionalNumber(input: Input, name: string): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'number') return value;
  throw wrongType(name, 'a number');
}

export function optionalFlag(input: Input, name: string): boolean | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrongType(name, 'a boolean');
}

export function optionalStructure(input: Input, name: string): Input | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || isInput(value)) return value;
  throw wrongType(name, 'a structure');
}

/** A list of structures; empty when the member is absent. */
export function structureList(input: Input, name: string): readonly Input[] {
  return listOf(input, name, isInput, 'structures');
}

/** A list of texts; empty when the member is absent. */
export function textList(input: Input, name: string): readonly string[] {
  return listOf(input, name, isText, 'strings');
}

/** A map of texts, or undefined when the member is absent. */
export function textMap(input: Input, name: string): Readonly<Record<string, string>> | undefined {
  const map = optionalStructure(input, name);
  if (map === undefined) return undefined;
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(map)) {
    if (typeof value !== 'string') throw wrongType(`${name}.${key}`, 'a string');
    texts[key] = value;
  }
  return texts;
}

export function isInput(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function listOf<T>(input: Input, name: string, is: (value: unknown) => value is T, of: string): readonly T[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every(is)) return value;
  throw wrongType(name, `a list of ${of}`);
}

function wrongType(name: string, wanted: string): AwsError {
  return new AwsError('SerializationException', `${name} is not ${wanted}.`);
}
