import { isLike } from './like.ts';

/** Operator → key → values, as a policy writes them. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

type Test = (given: string, wanted: string) => boolean;

const same: Test = (given, wanted) => given === wanted;
const sameLetters: Test = (given, wanted) => given.toLowerCase() === wanted.toLowerCase();

/** Operators (IAM User Guide, "Condition operators"); the two ARN ones both match like patterns. */
const POSITIVE: Readonly<Record<string, Test>> = {
  StringEquals: same,
  StringEqualsIgnoreCase: sameLetters,
  StringLike: isLike,
  ArnEquals: isLike,
  ArnLike: isLike,
  Bool: sameLetters,
};

const NEGATIVE: Readonly<Record<string, Test>> = {
  StringNotEquals: same,
  StringNotEqualsIgnoreCase: sameLetters,
  StringNotLike: isLike,
  ArnNotEquals: isLike,
  ArnNotLike: isLike,
};

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/;

/** Whether {@link conditionsHold} can judge by this operator. */
export function isKnownOperator(operator: string): boolean {
  const name = OPERATOR.exec(operator)?.[2] ?? '';
  return name === 'Null' || Object.hasOwn(POSITIVE, name) || Object.hasOwn(NEGATIVE, name);
}

/** Whether all conditions hold; names of keys are read in any case, as IAM does. */
export function conditionsHold(conditions: Conditions, context: RequestContext): boolean {
  const given = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), listOf(value)]));
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, wanted, given.get(key.toLowerCase()) ?? [])),
  );
}

/** A key that the request lacks fails a plain operator, and holds for a negated one, `…IfExists` and `ForAllValues`. */
function holds(operator: string, wanted: readonly string[], given: readonly string[]): boolean {
  const [, qualifier, name = operator, ifExists] = OPERATOR.exec(operator) ?? [];
  if (name === 'Null') return wanted.some((value) => value === String(given.length === 0));
  if (given.length === 0 && (ifExists !== undefined || qualifier === 'ForAllValues')) return true;
  const fits = fitsOne(name, wanted);
  if (qualifier === 'ForAllValues') return given.every(fits);
  if (Object.hasOwn(NEGATIVE, name)) return qualifier === 'ForAnyValue' ? given.some(fits) : given.every(fits);
  return given.some(fits);
}

function fitsOne(name: string, wanted: readonly string[]): (value: string) => boolean {
  const positive = POSITIVE[name];
  if (positive !== undefined) return (value) => wanted.some((pattern) => positive(value, pattern));
  const negative = NEGATIVE[name];
  return (value) => !wanted.some((pattern) => negative?.(value, pattern) ?? true);
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
