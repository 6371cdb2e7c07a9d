import type { LocalClock } from '../service.ts';
import type { LogGroup, LogStore } from './log-store.ts';

/** What every operation of CloudWatch Logs works with. */
export class LogsAccount {
  readonly store: LogStore;
  readonly clock: LocalClock;
  readonly #arnPrefix: string;

  constructor(options: { store: LogStore; clock: LocalClock; region: string; accountId: string }) {
    this.store = options.store;
    this.clock = options.clock;
    this.#arnPrefix = `arn:aws:logs:${options.region}:${options.accountId}:log-group:`;
  }

  groupArn(group: LogGroup): string {
    return this.#arnPrefix + group.name;
  }
}
