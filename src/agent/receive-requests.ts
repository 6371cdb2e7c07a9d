import type { QueueMessage, RequestQueue } from '../core/request-queue.ts';
import type { FlowRun } from '../core/run.ts';
import { type AcceptDeps, acceptMessage } from '../runs/accept-message.ts';
import type { Clock } from '../service/clock.ts';
import { createStop } from '../service/create-stop.ts';
import { describeError, type Log } from '../service/log.ts';
import { poll, type RoundReport, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';
import { DEFAULT_PACE } from './agent-pace.ts';

export interface ReceiveOptions {
  readonly queue: RequestQueue;
  readonly accept: AcceptDeps;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound?: ((report: RoundReport) => void) | undefined;
  /** Told of each run that a message has put on record. */
  readonly onAccepted: (run: FlowRun) => void;
  /** Messages in hand at once. */
  readonly room: number;
  /** A message that could not be put on record comes back after so long, and after twice as long each further time; 90 if left out. */
  readonly putOffSeconds?: number;
  /** Ends after so many polls; no end if left out. */
  readonly maxPolls?: number;
}

/** API ReceiveMessage: the longest wait. */
const WAIT_SECONDS = 20;

/** The wait of the first receive, and of an agent that ends after so many polls. */
const SHORT_WAIT_SECONDS = 1;

/** How long a receive under way is waited for when the agent is asked to stop. */
const GRACE_MS = 1_000;

/** The most that one receive brings. */
const BATCH = 10;

/** An id that no run has: reading it asks only whether the store is there. */
export const NO_RUN = 'is-the-store-there';

/**
 * A queue gives a message up when it has come so often that something seems wrong with it. What cannot be put on record
 * through no fault of its own must not get there in an outage of a day, so it is put off longer each time.
 */
const MAX_DELAY_SECONDS = 7_200;

/** Takes run requests off a queue: each is on record before its message is deleted. */
export class RequestReceiver implements Service {
  readonly name: string;
  readonly #options: ReceiveOptions;
  readonly #inHand = new Set<Promise<void>>();
  #messagesInHand = 0;
  #polls = 0;
  /** The last message that was dealt with could not be put on record. */
  #isStoreInDoubt = false;

  constructor(options: ReceiveOptions) {
    this.#options = options;
    this.name = `receive ${options.queue.url}`;
  }

  /**
   * Receives until `stop`, then waits for the messages in hand. A receive that is under way then is given a moment: messages
   * that SQS has handed out already would be hidden from everybody for their visibility timeout.
   */
  async run(stop: AbortSignal): Promise<void> {
    const { clock, onTrouble, onRound, maxPolls = Number.POSITIVE_INFINITY } = this.#options;
    const waitSeconds = maxPolls === Number.POSITIVE_INFINITY ? WAIT_SECONDS : SHORT_WAIT_SECONDS;
    const end = createStop();
    const giveUp = createStop();
    const finished = createStop();
    stop.addEventListener('abort', () => {
      end.abort();
      void clock.sleep(GRACE_MS, finished.signal).then(() => giveUp.abort());
    });
    await poll(
      { name: this.name, clock, stop: end.signal, idleMs: 0, maxBackoffMs: 30_000, onTrouble, onRound },
      async () => {
        await this.#waitForRoom();
        await this.#askStore();
        // The first one waits shortly: whether the queue answers at all is what a new agent is asked first.
        await this.receive(this.#polls === 0 ? SHORT_WAIT_SECONDS : waitSeconds, giveUp.signal, end.signal);
        this.#polls += 1;
        if (this.#polls >= maxPolls) end.abort();
        return 'busy';
      },
    );
    finished.abort();
    await this.settled();
  }

  /**
   * One receive; the messages it brings are handled while the next one waits, or given back if the agent is `ending`.
   * Resolves to their number.
   */
  async receive(waitSeconds: number, stop: AbortSignal, ending: AbortSignal = stop): Promise<number> {
    const { queue, room } = this.#options;
    const max = Math.min(BATCH, room - this.#messagesInHand);
    const messages = await queue.receive(max, waitSeconds, stop);
    if (messages.length === 0) return 0;
    if (ending.aborted) {
      await queue.release(messages);
      return 0;
    }
    this.#messagesInHand += messages.length;
    const handled = this.#handle(messages).finally(() => {
      this.#messagesInHand -= messages.length;
      this.#inHand.delete(handled);
    });
    this.#inHand.add(handled);
    return messages.length;
  }

  /** Resolves when every message that was received so far is dealt with. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#inHand);
  }

  async #waitForRoom(): Promise<void> {
    while (this.#messagesInHand > this.#options.room - BATCH) await Promise.race(this.#inHand);
  }

  /** Rejects while nothing can be put on record: what is received then would only be hidden from everybody. */
  async #askStore(): Promise<void> {
    if (!this.#isStoreInDoubt) return;
    await this.#options.accept.store.get(NO_RUN);
    this.#isStoreInDoubt = false;
  }

  async #handle(messages: readonly QueueMessage[]): Promise<void> {
    const handled = await Promise.all(messages.map((message) => this.#accept(message)));
    const left = messages.filter((_, index) => !handled[index]);
    this.#isStoreInDoubt = left.length > 0;
    await Promise.all([
      this.#remove(messages.filter((_, index) => handled[index])),
      ...left.map((one) => this.#putOff(one)),
    ]);
  }

  async #remove(done: readonly QueueMessage[]): Promise<void> {
    const { queue, log } = this.#options;
    try {
      const left = await queue.remove(done);
      for (const { messageId } of left) log.warn('message.not-deleted', { messageId, queue: queue.url });
    } catch (error) {
      // They come back after their visibility timeout, meet their records, and are deleted then.
      log.warn('message.not-deleted', { count: done.length, queue: queue.url, error: describeError(error) });
    }
  }

  async #putOff(message: QueueMessage): Promise<void> {
    const { queue, log, putOffSeconds = DEFAULT_PACE.putOffSeconds } = this.#options;
    const seconds = Math.min(putOffSeconds * 2 ** (message.receiveCount - 1), MAX_DELAY_SECONDS);
    try {
      await queue.release([message], seconds);
    } catch (error) {
      // It comes back when its visibility timeout ends.
      log.warn('message.not-put-off', { messageId: message.messageId, queue: queue.url, error: describeError(error) });
    }
  }

  /** Whether the message may leave the queue. */
  async #accept(message: QueueMessage): Promise<boolean> {
    const { accept, log, queue, onAccepted } = this.#options;
    const { messageId } = message;
    try {
      const outcome = await acceptMessage(accept, message);
      const { run } = outcome;
      if (outcome.kind === 'rejected') {
        const buried = await queue.bury(message, outcome.why);
        log.warn('request.rejected', { runId: run.runId, messageId, evidence: outcome.why });
        if (!buried) log.warn('queue.no-dead-letter-queue', { queue: queue.url, messageId });
        return true;
      }
      const facts = { runId: run.runId, flow: run.request.flow, messageId };
      if (outcome.isNew) log.info('run.accepted', facts);
      else log.info('request.repeated', { ...facts, status: run.status });
      onAccepted(run);
      return true;
    } catch (error) {
      log.error('request.not-recorded', { messageId, queue: queue.url, error: describeError(error) });
      return false;
    }
  }
}
