import { awsError, networkError } from './aws-error.ts';
import { BEGINNING, type EventQueue } from './event-queue.ts';
import { Random } from './random.ts';
import type { FaultKind, Outage, PlannedFault, Scenario, ServiceName } from './scenario.ts';

/** The caller dies in the middle of a call. */
export interface Death {
  readonly awayMs: number | undefined;
}

/** What becomes of one try of a call. */
export type Trip =
  /** Carried out, and answered: by the service, or by an error in its place. */
  | {
      readonly kind: 'answered';
      readonly executesInMs: number;
      readonly answersInMs: number;
      readonly instead?: Error;
      /** The caller dies with the answer in hand. */
      readonly dies?: Death;
    }
  /** Carried out, perhaps long after the caller has given up, and never answered. */
  | { readonly kind: 'unanswered'; readonly executesInMs: number; readonly dies?: Death }
  /** Answered by an error, and not carried out. */
  | { readonly kind: 'rejected'; readonly answersInMs: number; readonly error: Error }
  | { readonly kind: 'lost' }
  /** The caller dies before its request leaves. */
  | { readonly kind: 'not-sent'; readonly dies: Death };

const ERRORS = {
  throttled: () => awsError('ThrottlingException', 'Rate exceeded', 400),
  'wrapped-throttle': () =>
    awsError(
      'InvalidParameterException',
      'Error retrieving security group information: Rate exceeded (Service: AmazonEC2; Error Code: RequestLimitExceeded)',
      400,
    ),
  unavailable: () => awsError('ServiceUnavailable', 'Service is unavailable', 503),
  'failed-after': () => awsError('ServerException', 'Internal failure', 500),
  denied: () => awsError('AccessDeniedException', 'User is not authorized to perform this action', 400),
};

/** Decides what goes wrong: by chance, by plan, and by outages. The same for the same scenario, call by call. */
export class Faults {
  readonly #scenario: Scenario;
  readonly #queue: EventQueue;
  readonly #streams = new Map<string, Random>();
  readonly #counts = new Map<string, number>();
  readonly #planned = new Map<string, PlannedFault>();
  readonly #rates: readonly [FaultKind, number][];
  readonly #fired: PlannedFault[] = [];
  #isOver = false;

  constructor(scenario: Scenario, queue: EventQueue) {
    this.#scenario = scenario;
    this.#queue = queue;
    for (const fault of scenario.faults) this.#planned.set(`${fault.process} ${fault.call} ${fault.nth}`, fault);
    this.#rates = Object.entries(scenario.faultRates).map(([kind, rate]) => [kind as FaultKind, rate]);
  }

  /** From now on nothing goes wrong any more; what is under way still arrives. */
  end(): void {
    this.#isOver = true;
  }

  /** What has gone wrong so far: planned for a world without chance, it goes wrong again. */
  get fired(): readonly PlannedFault[] {
    return this.#fired;
  }

  /** How often each process has tried each call: `agent-1 ecs.RunTask`. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  next(process: string, service: ServiceName, call: string): Trip {
    const key = `${process} ${service}.${call}`;
    const nth = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, nth);
    const random = this.#stream(key);
    const outage = this.outageOf(process, service);
    if (outage) return cutOff(outage, random);
    const lot = random.next();
    const planned = this.#planned.get(`${key} ${nth}`);
    const kind = planned?.kind ?? this.#byChance(process, lot);
    // Drawn in any case: a planned fault must leave the stream as the one of chance did.
    const lateByChance = random.magnitude(11_000, 40 * 60_000);
    const lateMs = planned?.lateMs ?? lateByChance;
    if (kind)
      this.#fired.push({ process, call: `${service}.${call}`, nth, kind, ...(kind === 'late' ? { lateMs } : {}) });
    return tripOf(kind, random, { isRunTask: call === 'RunTask', lateMs, dies: { awayMs: planned?.awayMs } });
  }

  outageOf(process: string, service: ServiceName): Outage | undefined {
    if (this.#isOver) return undefined;
    const at = this.#queue.now - BEGINNING;
    return this.#scenario.outages.find(
      (outage) =>
        outage.service === service &&
        outage.fromMs <= at &&
        at < outage.untilMs &&
        (outage.of === undefined || outage.of === process),
    );
  }

  #byChance(process: string, lot: number): FaultKind | undefined {
    if (this.#isOver) return undefined;
    let left = lot;
    for (const [kind, rate] of this.#rates) {
      if (left < rate) return process === 'operator' && kind.startsWith('dies') ? undefined : kind;
      left -= rate;
    }
    return undefined;
  }

  #stream(key: string): Random {
    const known = this.#streams.get(key);
    if (known) return known;
    const stream = new Random(this.#scenario.seed, 'faults', key);
    this.#streams.set(key, stream);
    return stream;
  }
}

function cutOff({ style }: Outage, random: Random): Trip {
  const executesInMs = random.between(3, 40);
  switch (style) {
    case 'refuses':
      return { kind: 'rejected', answersInMs: 5, error: networkError('ECONNREFUSED', 'connect ECONNREFUSED') };
    case 'silent':
      return { kind: 'lost' };
    case 'answers-lost':
      return { kind: 'unanswered', executesInMs };
    case 'errors':
      return { kind: 'rejected', answersInMs: executesInMs, error: ERRORS.unavailable() };
    default:
      return style satisfies never;
  }
}

interface TripFacts {
  readonly dies: Death;
  readonly isRunTask: boolean;
  readonly lateMs: number;
}

function tripOf(fault: FaultKind | undefined, random: Random, { isRunTask, lateMs, dies }: TripFacts): Trip {
  const executesInMs = random.between(3, 40);
  const answersInMs = random.between(3, 40);
  const answered = { kind: 'answered', executesInMs, answersInMs } as const;
  switch (fault) {
    case undefined:
      return answered;
    case 'lost-request':
      return { kind: 'lost' };
    case 'lost-answer':
      return { kind: 'unanswered', executesInMs };
    case 'late':
      return { kind: 'unanswered', executesInMs: lateMs };
    case 'slow':
      return {
        ...answered,
        executesInMs: executesInMs + random.between(0, 9_000),
        answersInMs: answersInMs + random.between(0, 9_000),
      };
    case 'reset':
      return { ...answered, instead: networkError('ECONNRESET', 'socket hang up') };
    case 'truncated':
      return { ...answered, instead: awsError('SyntaxError', 'Unexpected end of JSON', 200) };
    case 'failed-after':
      return { ...answered, instead: ERRORS['failed-after']() };
    case 'throttled':
    case 'unavailable':
      return { kind: 'rejected', answersInMs, error: ERRORS[fault]() };
    case 'wrapped-throttle':
    case 'denied':
      return { kind: 'rejected', answersInMs, error: ERRORS[isRunTask ? fault : 'throttled']() };
    case 'dies-before':
      return { kind: 'not-sent', dies };
    case 'dies-after-send':
      return { kind: 'unanswered', executesInMs, dies };
    case 'dies-after-answer':
      return { ...answered, dies };
    default:
      return fault satisfies never;
  }
}
