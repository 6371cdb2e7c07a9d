import type { AgentRegistry, AgentRow } from '../core/agent-registry.ts';
import type { QueueGauge } from '../core/queue-gauge.ts';
import type { Clock } from '../service/clock.ts';
import { poll, type RoundReport, type Trouble } from '../service/poll.ts';
import type { Service } from '../service/run-services.ts';

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly registry: AgentRegistry;
  readonly gauge: QueueGauge;
  /** The queues as they are configured now. */
  readonly queues: () => readonly string[];
  /** What the agent says of itself now, but for the time. */
  readonly row: () => Omit<AgentRow, 'seenAt'>;
  /** When the credentials end, epoch ms; undefined for those that do not. */
  readonly credentialsEnd: () => Promise<number | undefined>;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onRound: (report: RoundReport) => void;
  readonly notice: HeartbeatNotice;
  readonly everyMs: number;
}

/** Told of what a beat has measured. */
export interface HeartbeatNotice {
  onQueueDepth(queue: string, waiting: number): void;
  onOldestDue(dueAt: number | undefined): void;
  onCredentials(until: number | undefined): void;
  onHeartbeat(): void;
}

/** Says on record, once a minute, that the agent is there, and measures what waits. */
export class Heartbeat implements Service {
  readonly name = 'heartbeat';
  readonly #options: HeartbeatOptions;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock, everyMs, onTrouble, onRound } = this.#options;
    await poll(
      { name: this.name, clock, stop, idleMs: everyMs, maxBackoffMs: everyMs, onTrouble, onRound },
      async () => {
        await this.beat();
        await this.#measure();
        return 'idle';
      },
    );
  }

  /** Writes the row once. */
  async beat(): Promise<void> {
    const { clock, registry, row, notice } = this.#options;
    await registry.beat({ ...row(), seenAt: clock.now() });
    notice.onHeartbeat();
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
