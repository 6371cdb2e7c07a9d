/**
 * Writes src/templates/validate/ecs-model.ts: every field of RegisterTaskDefinition and RunTask, read from the type
 * declarations of the installed @aws-sdk/client-ecs. Run it after an update of the SDK and read the diff:
 *
 *   node --import tsx scripts/make-ecs-model.ts          write
 *   node --import tsx scripts/make-ecs-model.ts --check  exit code 1 if the file is not what it would write
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const SDK = join(ROOT, 'node_modules/@aws-sdk/client-ecs');
const MODELS = join(SDK, 'dist-types/models');
const TARGET = join(ROOT, 'src/templates/validate/ecs-model.ts');
const REQUESTS = ['RegisterTaskDefinitionRequest', 'RunTaskRequest'];
const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  'Record<string, string>': 'string{}',
};

interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
}

function declarations(file: string): string {
  return readFileSync(join(MODELS, file), 'utf8').replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
}

/** `name?: Type | undefined;` is optional, `name: Type | undefined;` is required: that is how the SDK writes it. */
function membersOf(body: string): Member[] {
  return [...body.matchAll(/(\w+)(\?)?: (.+?) \| undefined;/g)].map(([, name = '', optional, type = '']) => ({
    name,
    required: optional === undefined,
    type,
  }));
}

function readStructures(): Map<string, Member[]> {
  const structures = new Map<string, Member[]>();
  for (const file of ['models_0.d.ts', 'models_1.d.ts']) {
    const text = declarations(file);
    for (const [, name = '', body = ''] of text.matchAll(/export interface (\w+)(?: extends \w+)? \{([^{}]*)\}/g)) {
      structures.set(name, membersOf(body));
    }
    for (const [, name = '', body = ''] of text.matchAll(/export declare namespace (\w+) \{([\s\S]*?)\n\}/g)) {
      structures.set(name, unionMembersOf(body));
    }
  }
  return structures;
}

/** A union is written as one interface per member, in which the others are `never`. */
function unionMembersOf(body: string): Member[] {
  const members = [...body.matchAll(/^\s{8}(\w+): (\w+);$/gm)].filter(([, name]) => name !== '$unknown');
  return members.map(([, name = '', type = '']) => ({ name, required: false, type }));
}

function readEnums(): Map<string, string[]> {
  const text = declarations('enums.d.ts');
  const enums = [...text.matchAll(/export declare const (\w+): \{([^{}]*)\}/g)];
  return new Map(
    enums.map(([, name = '', body = '']) => [name, [...body.matchAll(/: "([^"]+)";/g)].map(([, value = '']) => value)]),
  );
}

function modelText(): string {
  const structures = readStructures();
  const enums = readEnums();
  const reached = new Set<string>(REQUESTS);
  const lines: string[] = [];
  for (const name of reached) {
    const values = enums.get(name);
    if (values !== undefined) {
      lines.push(`${name} = ${values.join(' ')}`);
      continue;
    }
    const members = structures.get(name);
    if (members === undefined || members.length === 0) throw new Error(`${name} is neither a structure nor an enum`);
    lines.push(`${name} { ${members.map((member) => memberText(member, reached)).join(' ')} }`);
  }
  return lines.sort().join('\n');
}

function memberText({ name, required, type }: Member, reached: Set<string>): string {
  const element = type.replace(/\[\]$/, '');
  const primitive = PRIMITIVES[element];
  if (primitive === undefined) reached.add(element);
  return `${name}${required ? '!' : ''}:${primitive ?? element}${type.endsWith('[]') ? '[]' : ''}`;
}

function fileText(): string {
  const { version } = JSON.parse(readFileSync(join(SDK, 'package.json'), 'utf8')) as { version: string };
  return `/**
 * Every field of RegisterTaskDefinition and RunTask, as @aws-sdk/client-ecs ${version} declares them. Made by
 * scripts/make-ecs-model.ts. \`!\` marks required fields, \`[]\` lists, \`{}\` maps; after \`=\` stand an enum's values.
 */
export const ECS_MODEL = \`
${modelText()}
\`;
`;
}

if (process.argv.includes('--check')) {
  const same = readFileSync(TARGET, 'utf8') === fileText();
  process.stdout.write(same ? 'the ECS model is up to date\n' : 'the ECS model differs from the installed SDK\n');
  process.exitCode = same ? 0 : 1;
} else {
  writeFileSync(TARGET, fileText());
}
