import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Fault } from '../core/fault.ts';
import type { Json, JsonMap } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type ConfigNode, nodeAt, toJson } from './config-node.ts';

/** The parameters with their defaults filled in, on a copy; or what is wrong with them. */
export type ParameterCheck = (parameters: JsonMap) => Result<JsonMap, readonly Fault[]>;

/** `2026-10-01`, and a day that the calendar has: JavaScript reads 30 February as 2 March. */
function isDay(text: string): boolean {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

const OPTIONS: Options = {
  allErrors: true,
  useDefaults: true,
  ownProperties: true,
  // Keywords for forms and documentation are common in schemas; they are not for us to refuse.
  strict: false,
  logger: false,
  validateFormats: true,
  formats: {
    date: isDay,
    'date-time': (text: string) => /T[^T]*(?:Z|[+-]\d{2}:\d{2})$/i.test(text) && !Number.isNaN(Date.parse(text)),
    time: /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?$/i,
    email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
    uri: (text: string) => URL.canParse(text),
    uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  },
};

const DRAFT_7 = new Ajv(OPTIONS);
const LATEST = new Ajv2020(OPTIONS);

/** Reads the JSON Schema of a flow's parameters: draft 7, or 2020-12 if it says so. Without one, anything goes. */
export function compileParameters(schema: ConfigNode | undefined): Result<ParameterCheck, readonly Fault[]> {
  if (schema === undefined || schema.kind !== 'map') return ok((parameters) => ok(parameters));
  const { $schema: dialect, ...rest } = toJson(schema) as JsonMap;
  const ajv = String(dialect).includes('2020-12') ? LATEST : DRAFT_7;
  if (ajv.validateSchema(rest) !== true) return err(schemaFaults(schema, ajv.errors ?? []));
  let compiled: Result<ValidateFunction, readonly Fault[]> | undefined;
  const compile = () => {
    compiled ??= compileSchema(ajv, rest, schema);
    return compiled;
  };
  // Compiling takes far longer than the look above. It waits for the first run, unless only it can tell what is wrong: a
  // reference that leads nowhere, a pattern that is none.
  if (/"(?:\$|pattern)/.test(JSON.stringify(rest))) compile();
  if (compiled?.ok === false) return compiled;
  return ok((parameters) => {
    const validate = compile();
    return validate.ok ? check(validate.value, parameters) : validate;
  });
}

function compileSchema(
  ajv: Ajv | Ajv2020,
  schema: JsonMap,
  written: ConfigNode,
): Result<ValidateFunction, readonly Fault[]> {
  try {
    const validate: ValidateFunction = ajv.compile(schema);
    // Two flows may use the same `$id`, and a reloaded one does: the compiler forgets each at once.
    ajv.removeSchema(schema);
    return ok(validate);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return err([{ place: written.origin, message: `parameters is no JSON Schema: ${words}` }]);
  }
}

/** One fault for each value that is wrong: the first of what is said about it. */
function schemaFaults(schema: ConfigNode, errors: readonly ErrorObject[]): readonly Fault[] {
  const first = new Map([...errors].reverse().map((error) => [error.instancePath, error]));
  return [...first].map(([path, error]) => {
    const steps = path.split('/').slice(1);
    const place = nodeAt(schema, steps.map(stepOf)).node.origin;
    return {
      place,
      message: `parameters${steps.map((step) => `.${step}`).join('')} is no JSON Schema: it ${wordsOf(error)}`,
    };
  });
}

/** A step of a JSON pointer. */
function stepOf(step: string): string | number {
  return /^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function check(validate: ValidateFunction, parameters: JsonMap): Result<JsonMap, readonly Fault[]> {
  const copy: Record<string, Json> = structuredClone(parameters);
  if (validate(copy)) return ok(copy);
  return err((validate.errors ?? []).map(faultOf));
}

function faultOf(error: ErrorObject): Fault {
  const path = `parameters${error.instancePath.replaceAll('/', '.')}`;
  return { place: { file: 'request' }, message: `${path} ${wordsOf(error)}` };
}

function wordsOf({ message = 'is not valid', params }: ErrorObject): string {
  if ('additionalProperty' in params) return `may not have "${String(params.additionalProperty)}"`;
  return 'allowedValues' in params ? `has to be one of ${JSON.stringify(params.allowedValues)}` : message;
}
