import { parseTaskEvent } from '../core/parse-task-event.ts';
import type { QueueMessage, RequestQueue } from '../core/request-queue.ts';
import type { Clock } from '../service/clock.ts';
import type { Log } from '../service/log.ts';
import { poll, type RoundReport, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';

export interface ReceiveEventsOptions {
  readonly queue: RequestQueue;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound?: ((report: RoundReport) => void) | undefined;
  /** Told that something has changed about a run's task. */
  readonly onHint: (runId: string) => void;
}

/** API ReceiveMessage: the longest wait, and the most that one receive brings. */
const WAIT_SECONDS = 20;
const BATCH = 10;

/**
 * Takes ECS's task state changes off a queue. An event is only a hint to look now: what is true is asked of ECS. So events
 * may come twice, out of order or never, and may leave the queue as soon as they are read.
 */
export class EventReceiver implements Service {
  readonly name: string;
  readonly #options: ReceiveEventsOptions;

  constructor(options: ReceiveEventsOptions) {
    this.#options = options;
    this.name = `events ${options.queue.url}`;
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, onTrouble, onRound } = this.#options;
    await poll({ name: this.name, clock, stop, idleMs: 0, maxBackoffMs: 30_000, onTrouble, onRound }, async () => {
      await this.receive(WAIT_SECONDS, stop);
      return 'busy';
    });
  }

  /** One receive; resolves to the number of messages that it brought. */
  async receive(waitSeconds: number, stop: AbortSignal): Promise<number> {
    const { queue } = this.#options;
    const messages = await queue.receive(BATCH, waitSeconds, stop);
    for (const message of messages) this.#read(message);
    await queue.remove(messages);
    return messages.length;
  }

  #read({ body, messageId }: QueueMessage): void {
    const { log, onHint } = this.#options;
    const event = parseTaskEvent(body);
    if (!event.ok) log.warn('event.unreadable', { messageId, evidence: event.error });
    else if (event.value) onHint(event.value.runId);
  }
}
