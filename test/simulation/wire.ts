import { afterTries, awsError, isRepeatedBySdk } from './aws-error.ts';
import type { EventQueue } from './event-queue.ts';
import type { Death, Faults, Trip } from './faults.ts';
import type { Process } from './process.ts';
import type { ServiceName } from './scenario.ts';

export type Reply<Answer> =
  | { readonly ok: true; readonly value: Answer }
  | { readonly ok: false; readonly error: Error };

export interface Call<Answer> {
  readonly service: ServiceName;
  readonly name: string;
  readonly stop: AbortSignal | undefined;
  /** Carries the request out, in the service; told when this try of it left its sender. */
  readonly execute: (reply: (reply: Reply<Answer>) => void, sentAt: number) => void;
  /** Told of each try. */
  readonly onSend?: () => void;
  readonly timeoutMs?: number;
  /** Changes nothing: when it is carried out between question and answer makes no difference to anybody. */
  readonly isRead?: boolean;
  /** How often the SDK sends it, at most. */
  readonly maxTries?: number;
}

/** As `src/aws/client-options.ts` sets them. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_TRIES = 3;

const NEVER = new AbortController().signal;

/** The way between processes and services, with the SDK's own repeats; everything that can go wrong goes wrong here. */
export class Wire {
  readonly #queue: EventQueue;
  readonly #faults: Faults;
  readonly #onDeath: (process: Process, death: Death) => void;
  #strays = 0;

  constructor(queue: EventQueue, faults: Faults, onDeath: (process: Process, death: Death) => void) {
    this.#queue = queue;
    this.#faults = faults;
    this.#onDeath = onDeath;
  }

  async send<Answer>(process: Process, call: Call<Answer>): Promise<Answer> {
    const { maxTries = MAX_TRIES } = call;
    for (let tries = 1; ; tries += 1) {
      if (call.stop?.aborted) throw awsError('AbortError', 'Request aborted');
      const reply = await this.#tryOnce(process, call);
      if (reply.ok) return reply.value;
      if (tries === maxTries || !isRepeatedBySdk(reply.error)) throw afterTries(reply.error, tries);
      await process.clock.sleep(100 * 2 ** tries * process.clock.random(), call.stop ?? NEVER);
    }
  }

  /** Launches that will be carried out when their senders have long given up, and whose tasks somebody must still look after. */
  get strays(): number {
    return this.#strays;
  }

  /** Whether a call would come through now: for look-ups that are not worth a trip of their own. */
  isOpen(process: Process, service: ServiceName): boolean {
    return this.#faults.outageOf(process.name, service) === undefined;
  }

  #tryOnce<Answer>(process: Process, call: Call<Answer>): Promise<Reply<Answer>> {
    const trip = this.#faults.next(process.name, call.service, call.name);
    if (trip.kind === 'not-sent') {
      this.#dieSoon(process, trip.dies);
      return new Promise(() => {});
    }
    call.onSend?.();
    return new Promise((resolve) => {
      let isOver = false;
      const end = (reply: Reply<Answer>): void => {
        if (isOver) return;
        isOver = true;
        timeout.cancelled = true;
        call.stop?.removeEventListener('abort', onAbort);
        process.deliver(() => resolve(reply));
      };
      const fail = (error: Error): void => end({ ok: false, error });
      const onAbort = (): void => fail(awsError('AbortError', 'Request aborted'));
      const timeout = this.#queue.in(call.timeoutMs ?? REQUEST_TIMEOUT_MS, () =>
        fail(awsError('TimeoutError', 'Connection timed out')),
      );
      call.stop?.addEventListener('abort', onAbort, { once: true });
      this.#travel(process, call, trip, end);
    });
  }

  #travel<Answer>(process: Process, call: Call<Answer>, trip: Trip, end: (reply: Reply<Answer>) => void): void {
    switch (trip.kind) {
      case 'answered':
        this.#answer(process, call, trip, end);
        return;
      case 'unanswered':
        this.#execute(call, trip.executesInMs, () => {});
        this.#dieSoon(process, trip.dies);
        return;
      case 'rejected':
        this.#queue.in(trip.answersInMs, () => end({ ok: false, error: trip.error }));
        return;
      case 'lost':
      case 'not-sent':
        return;
      default:
        trip satisfies never;
    }
  }

  #answer<Answer>(
    process: Process,
    call: Call<Answer>,
    { executesInMs, answersInMs, instead, dies }: Extract<Trip, { kind: 'answered' }>,
    end: (reply: Reply<Answer>) => void,
  ): void {
    const answer = (reply: Reply<Answer>): void => {
      end(instead === undefined ? reply : { ok: false, error: instead });
      this.#dieSoon(process, dies);
    };
    if (call.isRead) this.#execute(call, executesInMs + answersInMs, answer);
    else this.#execute(call, executesInMs, (reply) => void this.#queue.in(answersInMs, () => answer(reply)));
  }

  #execute<Answer>(call: Call<Answer>, inMs: number, reply: (reply: Reply<Answer>) => void): void {
    const sentAt = this.#queue.now;
    const isStray = call.name === 'RunTask' && inMs > REQUEST_TIMEOUT_MS;
    if (isStray) this.#strays += 1;
    this.#queue.in(inMs, () => {
      if (isStray) this.#strays -= 1;
      call.execute(reply, sentAt);
    });
  }

  #dieSoon(process: Process, death: Death | undefined): void {
    if (death) this.#queue.in(0, () => this.#die(process, death));
  }

  #die(process: Process, death: Death): void {
    if (!process.isAlive) return;
    process.kill();
    this.#onDeath(process, death);
  }
}

/** For a service that answers at once: what it throws is its answer, too. */
export function atOnce<Answer>(work: () => Answer): Call<Answer>['execute'] {
  return (reply) => {
    let result: Reply<Answer>;
    try {
      result = { ok: true, value: work() };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      result = { ok: false, error };
    }
    reply(result);
  };
}
