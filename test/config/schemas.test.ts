import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { makeSchemas, schemaText } from '../../scripts/schemas.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CONFIG = join(ROOT, 'config');
const files = readdirSync(CONFIG, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));

const ajv = new Ajv({ allErrors: true, strict: false });
const compiled = new Map<string, ValidateFunction>();

function validator(path: string): ValidateFunction {
  const known = compiled.get(path) ?? ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
  compiled.set(path, known);
  return known;
}

const schema = (name: string) => validator(join(ROOT, 'schemas', `${name}.schema.json`));

/** What an editor would underline. */
function complaints(validate: ValidateFunction, yaml: string): readonly string[] {
  validate(load(yaml));
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
}

describe('the JSON Schemas', () => {
  it.each([...makeSchemas()])('of %s are as the shapes and the ECS model make them', (name, made) => {
    const committed = readFileSync(join(ROOT, 'schemas', name), 'utf8');
    expect(committed === schemaText(made), 'node --import tsx scripts/make-schemas.ts').toBe(true);
  });

  it.each(files)('are named at the top of config/%s, and find nothing wrong there', (name) => {
    const path = join(CONFIG, name);
    const text = readFileSync(path, 'utf8');
    const named = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1];
    if (named === undefined) throw new Error(`config/${name} names no schema in its first line`);
    expect(complaints(validator(resolve(dirname(path), named)), text)).toEqual([]);
  });

  it.each([
    { name: 'agent', yaml: 'tabel: slipway', says: 'tabel' },
    { name: 'agent', yaml: 'ecs: { clutser: main }', says: 'clutser' },
    { name: 'agent', yaml: 'environments: { prod: { runConfig: { imgae: x } } }', says: 'imgae' },
    { name: 'flow', yaml: 'runConfig: {}', says: 'flow' },
    {
      name: 'flow',
      yaml: 'flow: etl\nrunConfig: { taskDefinition: { containerDefinition: [] } }',
      says: 'containerDef',
    },
    { name: 'flow', yaml: 'flow: etl\nschedules: [{ crno: "0 2 * * *" }]', says: 'crno' },
    { name: 'task-definition', yaml: 'containerDefinitions: [{ Image: x }]', says: 'Image' },
    { name: 'task-definition', yaml: 'networkMode: awsvcp', says: 'networkMode' },
    { name: 'run-task-kwargs', yaml: 'count: 2', says: 'count' },
    { name: 'run-task-kwargs', yaml: 'enableExecuteCommand: "yes"', says: 'enableExecuteCommand' },
  ])('underline $yaml in $name', ({ name, yaml, says }) => {
    expect(complaints(schema(name), yaml).join('\n')).toContain(says);
  });

  it.each([
    { name: 'agent', yaml: 'events:\nprofiles: { big: { cpu: 4 vCPU, memory: 30 GB } }' },
    { name: 'agent', yaml: 'ecs: { launchType: fargate, runTaskKwargs: null }' },
    { name: 'flow', yaml: 'flow: etl\nrunConfig: { cpu: 1 vCPU, env: { A: 1, B: null }, taskDefinition: "etl:7" }' },
    { name: 'flow', yaml: 'flow: etl\nrunConfig: { command: "{{ parameters.words }}" }' },
    { name: 'task-definition', yaml: 'cpu: 256\nvolumes: null\ncontainerDefinitions: [{ name: flow, memory: 1 GB }]' },
    { name: 'task-definition', yaml: 'containerDefinitions: [{ name: flow, environment: [{ name: A, value: 1 }] }]' },
    { name: 'run-task-kwargs', yaml: 'enableExecuteCommand: "{{ parameters.shell }}"\nlaunchType: ec2' },
  ])('allow $yaml in $name', ({ name, yaml }) => {
    expect(complaints(schema(name), yaml)).toEqual([]);
  });
});
