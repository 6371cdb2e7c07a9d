/**
 * What can be made to go wrong, for one call of one operation.
 *
 * - `lose-request`: the connection is cut before anything has happened
 * - `lose-response`: the call is executed, then the connection is cut
 * - `delay`: executed after `ms`
 * - `late`: the connection is cut at once and the call executes all the same, `ms` later
 * - `error`: answered with this error; nothing is executed
 * - `truncate`: executed, the answer ends in the middle of its body
 * - `hold`: the call stands still at one moment of its life until a test has done what it wants to do just then: kill
 *   the caller, mostly. `arrival` is before it is executed, `execution` after that and before the answer, `answer` when
 *   the whole answer has gone out
 */
export type FaultKind =
  | { readonly kind: 'lose-request' }
  | { readonly kind: 'lose-response' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'late'; readonly ms: number }
  | { readonly kind: 'error'; readonly name: string; readonly message: string; readonly status: number }
  | { readonly kind: 'truncate' }
  | { readonly kind: 'hold'; readonly at: HoldMoment; readonly until: (call: RecordedCall) => Promise<HeldCallGoes> };

export type HoldMoment = 'arrival' | 'execution' | 'answer';

/** What becomes of a held call: it goes on, whether anybody still waits for its answer or not, or its connection is cut. */
export type HeldCallGoes = 'on' | 'away';

export interface FaultRule {
  /** `<service>.<Operation>`, e.g. `ecs.RunTask`, `s3.GetObject`; `ecs.*` and `*` match more. */
  readonly operation: string;
  /** Which matching calls, counted from 1 since the rule was added; all of them if left out. */
  readonly nth?: number;
  /** How many calls from the nth on; 1 if left out while `nth` is given, else no limit. */
  readonly times?: number;
  /** Only calls of which this is true; others are not counted. */
  readonly matching?: (call: Call) => boolean;
  readonly fault: FaultKind;
}

/** A call as it comes in. */
export interface Call {
  readonly operation: string;
  readonly input: unknown;
  /** The access key id that it is signed with. */
  readonly caller: string;
}

/** A call that a client made, as tests see it. */
export interface RecordedCall extends Call {
  readonly at: number;
  /** Its place in the order of all arrivals and executions. */
  readonly arrived: number;
  /** The same for the moment when it had been executed; absent until then, and for a call that was refused. */
  executed?: number;
}

/** What one call meets: the fault, if any, and where its execution is noted. */
export interface Meeting {
  readonly call: RecordedCall;
  readonly fault: FaultKind | undefined;
}

/** The faults to inject and the calls seen, shared by all services of one local AWS. */
export class Faults {
  readonly #rules: { rule: FaultRule; seen: number }[] = [];
  readonly #counts = new Map<string, number>();
  #recorded: RecordedCall[] | undefined;
  #order = 0;

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

  /** Forgets the recorded calls, so that long tests need no memory for what they have judged already. */
  forget(): void {
    if (this.#recorded) this.#recorded = [];
  }

  /** How often each `<service>.<Operation>` was called. */
  counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Notes a call and says what is to go wrong with it, if anything. */
  meet({ operation, input, caller }: Call, at: number): Meeting {
    const call: RecordedCall = { operation, input, caller, at, arrived: this.#next() };
    this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
    this.#recorded?.push(call);
    for (const entry of this.#rules) {
      const { matching, operation: pattern } = entry.rule;
      if (!matches(pattern, operation) || (matching !== undefined && !matching(call))) continue;
      entry.seen += 1;
      if (isDue(entry.rule, entry.seen)) return { call, fault: entry.rule.fault };
    }
    return { call, fault: undefined };
  }

  /** Notes that a call has been executed. */
  noteExecuted(call: RecordedCall): void {
    call.executed = this.#next();
  }

  #next(): number {
    this.#order += 1;
    return this.#order;
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
