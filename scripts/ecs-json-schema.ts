import type { Json, JsonMap } from '../src/core/json.ts';
import { type EcsType, ecsType } from '../src/templates/validate/ecs-types.ts';

/** As `checkEcsShape` sees it: these take text and numbers alike, and these any letter case. */
const SIZES: ReadonlySet<string> = new Set(['cpu', 'memory', 'memoryReservation']);
const SCALAR_VALUES: ReadonlySet<string> = new Set(['KeyValuePair.value', 'Tag.value']);
const ANY_CASE: ReadonlySet<string> = new Set(['launchType', 'requiresCompatibilities']);
const NEVER_IN_KWARGS: ReadonlySet<string> = new Set([
  'taskDefinition',
  'count',
  'startedBy',
  'clientToken',
  'referenceId',
]);

const PLACEHOLDER: JsonMap = { $ref: '#/definitions/placeholder' };

/** The schemas of a task definition and of run-task kwargs, with all that they are made of, by the names that ECS has. */
export function ecsDefinitions(): JsonMap {
  const definitions: Record<string, Json> = {
    placeholder: { type: 'string', pattern: '\\{\\{.*\\}\\}', description: 'Filled in for each run' },
  };
  for (const name of ['RegisterTaskDefinitionRequest', 'RunTaskRequest']) add(ecsType(name), definitions);
  return definitions;
}

/** A field's schema: a null there takes away what lower layers said. */
export function ecsFieldSchema(structure: 'RunTaskRequest', field: string): JsonMap {
  const type = ecsType(structure);
  const found = type.kind === 'structure' ? type.fields.get(field) : undefined;
  if (found === undefined) throw new Error(`${structure} has no ${field}`);
  return nullable(schemaOf(found.type, structure, field));
}

function add(type: EcsType, definitions: Record<string, Json>): void {
  if (type.kind === 'list') add(type.of, definitions);
  if (type.kind !== 'structure' || definitions[type.name] !== undefined) return;
  const fields = [...type.fields].filter(([key]) => type.name !== 'RunTaskRequest' || !NEVER_IN_KWARGS.has(key));
  definitions[type.name] = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      fields.map(([key, field]) => [key, nullable(schemaOf(field.type, type.name, key))] as const),
    ),
  };
  for (const field of type.fields.values()) add(field.type, definitions);
}

function nullable(schema: JsonMap): JsonMap {
  return { anyOf: [schema, PLACEHOLDER, { type: 'null' }] };
}

function schemaOf(type: EcsType, owner: string, key: string): JsonMap {
  if (SIZES.has(key)) return { type: ['string', 'number'] };
  if (SCALAR_VALUES.has(`${owner}.${key}`)) return { type: ['string', 'number', 'boolean'] };
  switch (type.kind) {
    case 'structure':
      return { $ref: `#/definitions/${type.name}` };
    case 'list':
      return { type: 'array', items: schemaOf(type.of, owner, key) };
    case 'texts':
      return { type: 'object', additionalProperties: { type: ['string', 'null'] } };
    case 'enum':
      return {
        enum: ANY_CASE.has(key) ? [...type.values, ...type.values.map((word) => word.toLowerCase())] : type.values,
      };
    case 'number':
      return { type: 'integer' };
    default:
      return { type: type.kind };
  }
}
