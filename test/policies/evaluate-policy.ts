import type { PolicyDocument, Statement } from '../../src/cli/policies/policy-document.ts';

/** A call as IAM judges it. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request; several values of one key as a list. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

type Test = (given: string, wanted: string) => boolean;

/** Operators (IAM User Guide, "Condition operators"): of the ARN ones, both match like patterns. */
const OPERATORS: Readonly<Record<string, Test>> = {
  StringEquals: (given, wanted) => given === wanted,
  StringLike: (given, wanted) => isLike(given, wanted),
  ArnEquals: (given, wanted) => isLike(given, wanted),
  ArnLike: (given, wanted) => isLike(given, wanted),
};

/** Whether a policy allows the request: ours only allow, so one statement that fits is enough. */
export function isAllowed({ Statement }: PolicyDocument, request: AccessRequest): boolean {
  return Statement.some((statement) => fits(statement, request));
}

function fits({ Action, Resource = [], Condition = {} }: Statement, { action, resource, context = {} }: AccessRequest) {
  return (
    Action.some((pattern) => isLike(action.toLowerCase(), pattern.toLowerCase())) &&
    Resource.some((pattern) => isLike(resource, pattern)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, listOf(wanted), listOf(context[key]))),
    )
  );
}

/** A key that the request lacks fails a plain operator, and holds for `ForAllValues`. */
function holds(operator: string, wanted: readonly string[], given: readonly string[]): boolean {
  const [, qualifier, name = operator] = /^(?:(ForAllValues|ForAnyValue):)?(\w+)$/.exec(operator) ?? [];
  const test = OPERATORS[name];
  if (test === undefined) throw new Error(`the evaluator does not know ${operator}`);
  const isWanted = (value: string): boolean => wanted.some((pattern) => test(value, pattern));
  if (qualifier === 'ForAllValues') return given.every(isWanted);
  return given.some(isWanted);
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** `*` and `?`, as IAM reads them. */
function isLike(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
