import type { Fault, Place } from '../../core/fault.ts';
import type { ConfigNode, ScalarNode } from '../config-node.ts';
import { hasPlaceholder } from '../placeholder.ts';
import { didYouMeanFault, lossyNumber, unknownKeyFault } from '../word-faults.ts';
import { type EcsType, ecsType } from './ecs-types.ts';

type Structure = Extract<EcsType, { kind: 'structure' }>;
type Primitive = 'string' | 'number' | 'boolean';

/** These take `"1 vCPU"`, `"2 GB"`, numbers and text alike; placing gives them the type that ECS wants. */
const SIZES: ReadonlySet<string> = new Set(['cpu', 'memory', 'memoryReservation']);
/** Numbers and booleans as values of variables and tags become text. */
const SCALAR_VALUES = /(?:^tags|\.environment)\[\d+\]\.value$/;
/** People write `fargate`; placing makes it `FARGATE`. */
const ANY_CASE: ReadonlySet<string> = new Set(['launchType', 'requiresCompatibilities']);
const WORDS = { string: 'text', number: 'a whole number', boolean: 'true or false' } as const;

/** Where in a request a value is. */
interface Spot {
  /** `containerDefinitions[0].image`, for messages. */
  readonly path: string;
  readonly key: string;
  /** Whether required fields must be there. */
  readonly complete: boolean;
}

/**
 * Checks a template against the types of the ECS API: unknown keys, wrong case, wrong types, at any depth. A null is fine
 * anywhere, since it takes away what a lower layer said; so is a placeholder. With `complete`, required fields must be there.
 */
export function checkEcsShape(
  node: ConfigNode,
  name: 'RegisterTaskDefinitionRequest' | 'RunTaskRequest',
  options: { readonly complete?: boolean } = {},
): readonly Fault[] {
  return faultsOfValue(node, ecsType(name), { path: '', key: '', complete: options.complete ?? false });
}

function faultsOfValue(node: ConfigNode, type: EcsType, spot: Spot): readonly Fault[] {
  if (node.kind === 'scalar' && (node.value === null || isPlaceholder(node))) return [];
  switch (type.kind) {
    case 'structure':
      return faultsOfStructure(node, type, spot);
    case 'list':
      return faultsOfList(node, type.of, spot);
    case 'texts':
      return faultsOfTexts(node, spot);
    case 'enum':
      return faultsOfEnum(node, type.values, spot);
    default:
      return faultsOfScalar(node, type.kind, spot);
  }
}

function faultsOfStructure(node: ConfigNode, type: Structure, spot: Spot): readonly Fault[] {
  if (node.kind !== 'map') return [fault(node.origin, spot, 'has to be a map')];
  const known = [...type.fields.keys()];
  const faults = [...node.entries].flatMap(([key, { at, value }]) => {
    const field = type.fields.get(key);
    if (field === undefined) return [unknownKeyFault(key, at, known)];
    const path = spot.path === '' ? key : `${spot.path}.${key}`;
    return faultsOfValue(value, field.type, { ...spot, path, key });
  });
  if (!spot.complete) return faults;
  const missing = known.filter((key) => type.fields.get(key)?.required && !node.entries.has(key));
  return [...faults, ...missing.map((key) => fault(node.origin, spot, `has no ${key}`))];
}

function faultsOfList(node: ConfigNode, of: EcsType, spot: Spot): readonly Fault[] {
  if (node.kind !== 'list') return [fault(node.origin, spot, 'has to be a list')];
  return node.items.flatMap((item, index) => {
    const inside = { ...spot, path: `${spot.path}[${index}]` };
    if (item.kind === 'scalar' && item.value === null) return [fault(item.origin, inside, 'may not be null')];
    return faultsOfValue(item, of, inside);
  });
}

function faultsOfTexts(node: ConfigNode, spot: Spot): readonly Fault[] {
  if (node.kind !== 'map') return [fault(node.origin, spot, 'has to be a map of texts')];
  return [...node.entries].flatMap(([key, { value }]) =>
    faultsOfValue(value, { kind: 'string' }, { path: `${spot.path}.${key}`, key, complete: spot.complete }),
  );
}

function faultsOfEnum(node: ConfigNode, values: readonly string[], spot: Spot): readonly Fault[] {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') {
    return [fault(node.origin, spot, `has to be one of ${values.join(', ')}`)];
  }
  const written = ANY_CASE.has(spot.key) ? node.value.toUpperCase() : node.value;
  return values.includes(written) ? [] : [didYouMeanFault(node.origin, spot.path, node.value, values)];
}

function faultsOfScalar(node: ConfigNode, kind: Primitive, spot: Spot): readonly Fault[] {
  if (node.kind !== 'scalar') return [fault(node.origin, spot, `has to be ${WORDS[kind]}`)];
  if (SIZES.has(spot.key) && typeof node.value !== 'boolean') return [];
  if (kind === 'string') return faultsOfText(node, spot);
  const fits = kind === 'number' ? Number.isSafeInteger(node.value) : typeof node.value === kind;
  if (fits) return [];
  const hint = isUnquotable(node, kind) ? 'write it without quotes' : undefined;
  return [fault(node.origin, spot, `has to be ${WORDS[kind]}`, hint)];
}

function isUnquotable({ value }: ScalarNode, kind: 'number' | 'boolean'): boolean {
  return typeof value === 'string' && (kind === 'number' ? /^-?\d+$/ : /^(true|false)$/).test(value);
}

function faultsOfText(node: ScalarNode, spot: Spot): readonly Fault[] {
  if (typeof node.value === 'string') return [];
  if (!SCALAR_VALUES.test(spot.path)) {
    return [fault(node.origin, spot, 'has to be text', `put it in quotes: "${node.text ?? node.value}"`)];
  }
  return lossyNumber(node);
}

function isPlaceholder({ value }: ScalarNode): boolean {
  return typeof value === 'string' && hasPlaceholder(value);
}

function fault(place: Place, { path }: Spot, what: string, hint?: string): Fault {
  const message = path === '' ? `this ${what}` : `${path} ${what}`;
  return hint === undefined ? { place, message } : { place, message, hint };
}
