import { ECS_MODEL } from './ecs-model.ts';

/** A type of the ECS API: what a field may hold. */
export type EcsType =
  | { readonly kind: 'string' | 'number' | 'boolean' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: EcsType }
  | { readonly kind: 'texts' }
  | { readonly kind: 'structure'; readonly name: string; readonly fields: ReadonlyMap<string, EcsField> };

export interface EcsField {
  readonly type: EcsType;
  readonly required: boolean;
}

const DECLARATIONS = new Map(
  ECS_MODEL.trim()
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const),
);

const read = new Map<string, EcsType>();

/** A structure or an enum by the name that the SDK gives it. */
export function ecsType(name: string): EcsType {
  const known = read.get(name);
  if (known !== undefined) return known;
  const declared = DECLARATIONS.get(name);
  if (declared === undefined) throw new Error(`the ECS model has no ${name}`);
  const type = declared.startsWith('= ') ? enumType(declared) : structureType(name, declared);
  read.set(name, type);
  return type;
}

function enumType(declared: string): EcsType {
  return { kind: 'enum', values: declared.slice(2).split(' ') };
}

function structureType(name: string, declared: string): EcsType {
  const fields = declared
    .slice(2, -2)
    .split(' ')
    .map((field): [string, EcsField] => {
      const [, key = '', required, type = '', suffix = ''] = /^(\w+)(!)?:(\w+)(\[\]|\{\})?$/.exec(field) ?? [];
      return [key, { type: fieldType(type, suffix), required: required !== undefined }];
    });
  return { kind: 'structure', name, fields: new Map(fields) };
}

function fieldType(name: string, suffix: string): EcsType {
  if (suffix === '{}') return { kind: 'texts' };
  const type: EcsType = name === 'string' || name === 'number' || name === 'boolean' ? { kind: name } : ecsType(name);
  return suffix === '[]' ? { kind: 'list', of: type } : type;
}

/** The names of the fields of a request. */
export function fieldNames(name: 'RegisterTaskDefinitionRequest' | 'RunTaskRequest'): readonly string[] {
  const type = ecsType(name);
  return type.kind === 'structure' ? [...type.fields.keys()] : [];
}
