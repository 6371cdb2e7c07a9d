import type { QueueGauge } from '../core/queue-gauge.ts';
import type { Clock } from '../service/clock.ts';
import { poll, type RoundReport, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';

export interface GaugeReaderOptions {
  readonly clock: Clock;
  readonly gauge: QueueGauge;
  /** The queues as they are configured now. */
  readonly queues: () => readonly string[];
  /** When the credentials end, epoch ms; undefined for those that do not. */
  readonly credentialsEnd: () => Promise<number | undefined>;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound: (report: RoundReport) => void;
  readonly notice: GaugeNotice;
  readonly everyMs: number;
}

/** Told of what was measured. */
export interface GaugeNotice {
  onQueueDepth(queue: string, waiting: number): void;
  onOldestDue(dueAt: number | undefined): void;
  onCredentials(until: number | undefined): void;
}

/** Measures once a minute what waits, and how long the credentials last. */
export class GaugeReader implements Service {
  readonly name = 'gauges';
  readonly #options: GaugeReaderOptions;

  constructor(options: GaugeReaderOptions) {
    this.#options = options;
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, everyMs, onTrouble, onRound } = this.#options;
    await poll(
      { name: this.name, clock, stop, idleMs: everyMs, maxBackoffMs: everyMs, onTrouble, onRound },
      async () => {
        await this.#measure();
        return 'idle';
      },
    );
  }

  async #measure(): Promise<void> {
    const { clock, gauge, queues, credentialsEnd, notice } = this.#options;
    notice.onCredentials(await credentialsEnd());
    for (const url of queues()) notice.onQueueDepth(nameOf(url), (await gauge.depth(url)).waiting);
    notice.onOldestDue(await gauge.oldestDue(clock.now()));
  }
}

/** A label is short, and the account is known. */
function nameOf(url: string): string {
  return (
    url
      .replace(/(?<!\/)\/+$/, '')
      .split('/')
      .at(-1) ?? url
  );
}
