/**
 * What can be made to go wrong, for one call of one operation.
 *
 * - `lose-request`: the connection is cut before anything has happened
 * - `lose-response`: the call is executed, then the connection is cut
 * - `delay`: executed after `ms`
 * - `late`: the connection is cut at once and the call executes all the same, `ms` later
 * - `error`: answered with this error; nothing is executed
 * - `truncate`: executed, the answer ends in the middle of its body
 */
export type FaultKind =
  | { readonly kind: 'lose-request' }
  | { readonly kind: 'lose-response' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'late'; readonly ms: number }
  | { readonly kind: 'error'; readonly name: string; readonly message: string; readonly status: number }
  | { readonly kind: 'truncate' };

export interface FaultRule {
  /** `<service>.<Operation>`, e.g. `ecs.RunTask`, `s3.GetObject`; `ecs.*` and `*` match more. */
  readonly operation: string;
  /** Which matching calls, counted from 1 since the rule was added; all of them if left out. */
  readonly nth?: number;
  /** How many calls from the nth on; 1 if left out while `nth` is given, else no limit. */
  readonly times?: number;
  readonly fault: FaultKind;
}

/** A call that a client made, as tests see it. */
export interface RecordedCall {
  readonly operation: string;
  readonly input: unknown;
  readonly at: number;
}

/** The faults to inject and the calls seen, shared by all services of one local AWS. */
export class Faults {
  readonly #rules: { rule: FaultRule; seen: number }[] = [];
  readonly #counts = new Map<string, number>();
  #recorded: RecordedCall[] | undefined;

  /** Adds a rule; the returned function takes it back. */
  add(rule: FaultRule): () => void {
    const entry = { rule, seen: 0 };
    this.#rules.push(entry);
    return () => {
      const index = this.#rules.indexOf(entry);
      if (index >= 0) this.#rules.splice(index, 1);
    };
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** Keeps every call from now on, for tests that look at requests. */
  record(): void {
    this.#recorded ??= [];
  }

  recorded(operation?: string): readonly RecordedCall[] {
    const all = this.#recorded ?? [];
    return operation === undefined ? all : all.filter((call) => call.operation === operation);
  }

  /** How often each `<service>.<Operation>` was called. */
  counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Notes a call and says what is to go wrong with it, if anything. */
  meet(operation: string, input: unknown, at: number): FaultKind | undefined {
    this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
    this.#recorded?.push({ operation, input, at });
    for (const entry of this.#rules) {
      if (!matches(entry.rule.operation, operation)) continue;
      entry.seen += 1;
      if (isDue(entry.rule, entry.seen)) return entry.rule.fault;
    }
    return undefined;
  }
}

function matches(pattern: string, operation: string): boolean {
  if (pattern === '*' || pattern === operation) return true;
  return pattern.endsWith('.*') && operation.startsWith(pattern.slice(0, -1));
}

function isDue(rule: FaultRule, seen: number): boolean {
  const first = rule.nth ?? 1;
  const times = rule.times ?? (rule.nth === undefined ? Number.POSITIVE_INFINITY : 1);
  return seen >= first && seen < first + times;
}
