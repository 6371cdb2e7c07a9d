import { beginsWith, containsValue, orderOf, sameValue, sizeOfValue, typeOfValue } from './compare-values.ts';
import type { ExpressionNode, Operand } from './dynalite.ts';
import type { AttributeValue, Item } from './table-description.ts';

/**
 * Whether a parsed condition or filter holds for an item (Developer Guide, "Condition and filter expressions,
 * operators, and functions"). dynalite parses expressions rightly, but evaluates false, empty texts, maps and lists
 * otherwise than DynamoDB, so its parse tree is evaluated here.
 */
export function conditionHolds(node: ExpressionNode, item: Item): boolean {
  if (node.type === 'function') return FUNCTIONS[node.name ?? '']?.(valuesOf(node, item)) ?? false;
  const combine = COMBINATIONS[node.type];
  if (combine) return combine(node.args.filter(isNode), item);
  return COMPARISONS[node.type]?.(valuesOf(node, item)) ?? false;
}

/** A condition with a known outcome, which dynalite is given in the place of one that was judged here. */
export function settledCondition(holds: boolean): ExpressionNode {
  return { type: 'function', name: holds ? 'attribute_exists' : 'attribute_not_exists', args: [{ BOOL: true }] };
}

type Value = AttributeValue | undefined;

const COMBINATIONS: Readonly<Record<string, (nodes: readonly ExpressionNode[], item: Item) => boolean>> = {
  and: (nodes, item) => nodes.every((node) => conditionHolds(node, item)),
  or: (nodes, item) => nodes.some((node) => conditionHolds(node, item)),
  not: (nodes, item) => !nodes.some((node) => conditionHolds(node, item)),
};

const COMPARISONS: Readonly<Record<string, (values: readonly Value[]) => boolean>> = {
  '=': ([a, b]) => sameValue(a, b),
  '<>': ([a, b]) => !sameValue(a, b),
  '<': ([a, b]) => isOrdered(a, b, (order) => order < 0),
  '<=': ([a, b]) => isOrdered(a, b, (order) => order <= 0),
  '>': ([a, b]) => isOrdered(a, b, (order) => order > 0),
  '>=': ([a, b]) => isOrdered(a, b, (order) => order >= 0),
  between: ([a, low, high]) => isOrdered(a, low, (order) => order >= 0) && isOrdered(a, high, (order) => order <= 0),
  in: ([a, ...others]) => others.some((other) => sameValue(a, other)),
};

const FUNCTIONS: Readonly<Record<string, (values: readonly Value[]) => boolean>> = {
  attribute_exists: ([value]) => value !== undefined,
  attribute_not_exists: ([value]) => value === undefined,
  attribute_type: ([value, type]) => value !== undefined && typeOfValue(value) === type?.S,
  begins_with: ([value, start]) => beginsWith(value, start),
  contains: ([value, part]) => containsValue(value, part),
};

function isOrdered(a: Value, b: Value, test: (order: number) => boolean): boolean {
  const order = orderOf(a, b);
  return order !== undefined && test(order);
}

function valuesOf({ args }: ExpressionNode, item: Item): readonly Value[] {
  return args.map((operand) => resolved(operand, item));
}

function resolved(operand: Operand, item: Item): Value {
  if (isPath(operand)) return valueAt(operand, item);
  if (!isNode(operand)) return operand;
  const size = sizeOfValue(valuesOf(operand, item)[0]);
  return size === undefined ? undefined : { N: String(size) };
}

/** Follows a path: names into maps, positions into lists. */
function valueAt(path: readonly (string | number)[], item: Item): Value {
  let value: unknown = { M: item };
  for (const piece of path) {
    const container = memberOf(value, typeof piece === 'number' ? 'L' : 'M');
    value = memberOf(container, piece);
  }
  return typeof value === 'object' && value !== null ? (value as AttributeValue) : undefined;
}

function memberOf(container: unknown, name: string | number): unknown {
  if (typeof container !== 'object' || container === null || !Object.hasOwn(container, name)) return undefined;
  return Reflect.get(container, name);
}

function isPath(operand: Operand): operand is readonly (string | number)[] {
  return Array.isArray(operand);
}

function isNode(operand: Operand): operand is ExpressionNode {
  return !isPath(operand) && 'type' in operand;
}
