import { compareNumbers } from './dynalite.ts';
import type { AttributeValue } from './table-description.ts';

/** An attribute value taken apart: `['S', 'text']`. */
type Typed = readonly [type: string, content: unknown];

/**
 * Whether two values are the same: of one type, sets and maps in any order, lists and maps member by member. dynalite
 * compares documents by identity, so no two maps are equal there.
 */
export function sameValue(left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  const [a, b] = [typed(left), typed(right)];
  if (a === undefined || b === undefined || a[0] !== b[0]) return false;
  return (SAME[a[0]] ?? Object.is)(a[1], b[1]);
}

/** Below zero, zero or above zero as `left` comes before, with or after `right`; undefined if they have no order. */
export function orderOf(left: AttributeValue | undefined, right: AttributeValue | undefined): number | undefined {
  const [a, b] = [typed(left), typed(right)];
  if (a === undefined || b === undefined || a[0] !== b[0]) return undefined;
  return ORDER[a[0]]?.(String(a[1]), String(b[1]));
}

/** The type of a value: `S`, `N`, `M` … */
export function typeOfValue(value: AttributeValue | undefined): string | undefined {
  return typed(value)?.[0];
}

/** What `size()` says: bytes of binaries, characters of texts, members of everything else; undefined for the rest. */
export function sizeOfValue(value: AttributeValue | undefined): number | undefined {
  const [type, content] = typed(value) ?? [];
  if (type === 'S') return String(content).length;
  if (type === 'B') return Buffer.byteLength(String(content), 'base64');
  if (Array.isArray(content)) return content.length;
  return typeof content === 'object' && content !== null ? Object.keys(content).length : undefined;
}

/** Whether a text or binary has another inside, or a set or list has it as a member. */
export function containsValue(value: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  const [type, content] = typed(value) ?? [];
  const [partType, partContent] = typed(part) ?? [];
  if (partType === undefined) return false;
  if (type === 'L') return members(content).some((member) => sameValue(asValue(member), part));
  if (type === `${partType}S`) return members(content).some((member) => sameValue({ [partType]: member }, part));
  if (type !== partType) return false;
  if (type === 'S') return String(content).includes(String(partContent));
  return type === 'B' && bytes(content).includes(bytes(partContent));
}

/** Whether a text or binary begins with another. */
export function beginsWith(value: AttributeValue | undefined, start: AttributeValue | undefined): boolean {
  const [type, content] = typed(value) ?? [];
  const [startType, startContent] = typed(start) ?? [];
  if (type === undefined || type !== startType) return false;
  if (type === 'S') return String(content).startsWith(String(startContent));
  return type === 'B' && bytes(content).subarray(0, bytes(startContent).length).equals(bytes(startContent));
}

const SAME: Readonly<Record<string, (a: unknown, b: unknown) => boolean>> = {
  N: (a, b) => compareNumbers(String(a), String(b)) === 0,
  SS: sameSet,
  NS: sameSet,
  BS: sameSet,
  L: (a, b) => {
    const [left, right] = [members(a), members(b)];
    return left.length === right.length && left.every((member, at) => sameValue(asValue(member), asValue(right[at])));
  },
  M: (a, b) => {
    const [left, right] = [Object.entries(a ?? {}), new Map(Object.entries(b ?? {}))];
    return left.length === right.size && left.every(([name, value]) => sameValue(value, right.get(name)));
  },
};

const ORDER: Readonly<Record<string, (a: string, b: string) => number>> = {
  S: (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)),
  N: compareNumbers,
  B: (a, b) => Buffer.compare(bytes(a), bytes(b)),
};

function sameSet(a: unknown, b: unknown): boolean {
  const [left, right] = [members(a), new Set(members(b))];
  return left.length === right.size && left.every((member) => right.has(member));
}

function typed(value: AttributeValue | undefined): Typed | undefined {
  return value && Object.entries(value)[0];
}

function members(content: unknown): readonly unknown[] {
  return Array.isArray(content) ? content : [];
}

function bytes(content: unknown): Buffer {
  return Buffer.from(String(content), 'base64');
}

function asValue(member: unknown): AttributeValue | undefined {
  return typeof member === 'object' && member !== null ? { ...member } : undefined;
}
