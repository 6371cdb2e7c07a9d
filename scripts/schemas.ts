import { z } from 'zod';
import { isJsonMap, type Json, type JsonMap } from '../src/core/json.ts';
import { agentShape } from '../src/templates/agent-shape.ts';
import { flowShape } from '../src/templates/flow-shape.ts';
import { runConfigShape } from '../src/templates/run-config-shape.ts';
import { ecsDefinitions, ecsFieldSchema } from './ecs-json-schema.ts';
import { SCHEMA_WORDS } from './schema-words.ts';

const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** The schemas that the package brings, by file name. Draft-07, which is what editors read. */
export function makeSchemas(): ReadonlyMap<string, JsonMap> {
  const definitions = ecsDefinitions();
  const ecs = (title: string, name: string): JsonMap => ({
    $schema: DRAFT,
    title,
    allOf: [{ $ref: `#/definitions/${name}` }],
    definitions: reached(name, definitions),
  });
  return new Map([
    ['agent.schema.json', ofShape('agent.yaml of Slipway', 'agent', agentShape, definitions)],
    ['flow.schema.json', ofShape('A flow of Slipway', 'flow', flowShape, definitions)],
    ['task-definition.schema.json', ecs('A task definition template of Slipway', 'RegisterTaskDefinitionRequest')],
    ['run-task-kwargs.schema.json', ecs('Run-task kwargs of Slipway', 'RunTaskRequest')],
  ]);
}

/** A schema as its file has it. */
export function schemaText(schema: JsonMap): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The definitions that one of them is made of. */
function reached(name: string, definitions: JsonMap): JsonMap {
  const names = new Set([name]);
  for (const each of names) {
    const text = JSON.stringify(definitions[each]);
    for (const [, found = ''] of text.matchAll(/"#\/definitions\/(\w+)"/g)) names.add(found);
  }
  return Object.fromEntries(Object.entries(definitions).filter(([key]) => names.has(key)));
}

function ofShape(title: string, words: string, shape: z.ZodType, definitions: JsonMap): JsonMap {
  const { $schema, properties, ...rest } = plainSchema(shape);
  if (!isJsonMap(properties)) throw new Error(`${title} is no map`);
  const described = Object.entries(properties).map(([key, schema]): [string, Json] => {
    const own = withRunConfigWords(schema);
    // A key of agent.yaml with nothing behind it says nothing.
    const schemas = words === 'agent' ? { anyOf: [own, { type: 'null' }] } : own;
    return [key, { description: wordsFor(words, key), ...(isJsonMap(schemas) ? schemas : {}) }];
  });
  return {
    $schema: $schema ?? DRAFT,
    title,
    ...rest,
    properties: Object.fromEntries(described),
    definitions,
  };
}

function plainSchema(shape: z.ZodType): JsonMap {
  // What zod cannot say in JSON Schema is a map whose content others know: an ECS request, a JSON Schema.
  const made = z.toJSONSchema(shape, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodCustom) jsonSchema.type = 'object';
    },
  });
  return withoutIntegerLimits(JSON.parse(JSON.stringify(made)));
}

/** zod tells the limits of JavaScript's integers, which say nothing to a reader. */
function withoutIntegerLimits(value: JsonMap): JsonMap {
  const keep = ([, member]: readonly [string, Json]) => Math.abs(Number(member)) !== Number.MAX_SAFE_INTEGER;
  const inside = (member: Json): Json => {
    if (Array.isArray(member)) return member.map(inside);
    return isJsonMap(member) ? withoutIntegerLimits(member) : member;
  };
  return Object.fromEntries(
    Object.entries(value)
      .filter(keep)
      .map(([key, member]) => [key, inside(member)]),
  );
}

const RUN_CONFIG_KEYS = new Set(Object.keys(runConfigShape.shape));

/** Every `runConfig`, and `ecs`, with what ECS's own model knows of it. */
function withRunConfigWords(value: Json): Json {
  if (Array.isArray(value)) return value.map(withRunConfigWords);
  if (!isJsonMap(value)) return value;
  const members = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withRunConfigWords(member)]));
  const { properties } = members;
  if (!isJsonMap(properties) || properties.taskDefinition === undefined) return members;
  return { ...members, properties: runConfigProperties(properties) };
}

function runConfigProperties(properties: JsonMap): JsonMap {
  const definition: JsonMap = { $ref: '#/definitions/RegisterTaskDefinitionRequest' };
  const none: JsonMap = { type: 'null' };
  const known: Record<string, JsonMap> = {
    taskDefinition: { anyOf: [{ type: 'string', minLength: 1 }, definition, none] },
    taskDefinitionPatch: { anyOf: [definition, none] },
    runTaskKwargs: { anyOf: [{ type: 'string', minLength: 1 }, { $ref: '#/definitions/RunTaskRequest' }, none] },
    launchType: ecsFieldSchema('RunTaskRequest', 'launchType'),
    capacityProviderStrategy: ecsFieldSchema('RunTaskRequest', 'capacityProviderStrategy'),
  };
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]): [string, Json] => {
      const chosen = known[key] ?? schema;
      const description = RUN_CONFIG_KEYS.has(key) ? { description: wordsFor('runConfig', key) } : {};
      return [key, isJsonMap(chosen) ? { ...description, ...chosen } : chosen];
    }),
  );
}

function wordsFor(where: string, key: string): string {
  const words = SCHEMA_WORDS[where]?.[key];
  if (words === undefined) throw new Error(`scripts/schema-words.ts says nothing about ${where}.${key}`);
  return words;
}
