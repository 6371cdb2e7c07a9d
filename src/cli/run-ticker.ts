import { type FlowRun, type HistoryEntry, isFinished } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import type { Clock } from '../service/clock.ts';
import { ageText, statusText } from './print-status.ts';
import { clockText } from './print-time.ts';
import { shortIdOf } from './run-id.ts';
import type { Terminal } from './terminal.ts';

export interface RunTickerOptions {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly terminal: Terminal;
}

const EVERY_MS = 150;

/** One line for each move of each run that anybody has heard of, until the run has ended. Silent while nothing runs. */
export class RunTicker {
  readonly #options: RunTickerOptions;
  /** Run id → how many of its moves are told. */
  readonly #told = new Map<string, number>();
  readonly #since: number;

  constructor(options: RunTickerOptions) {
    this.#options = options;
    this.#since = options.clock.now();
  }

  /** Follows a run from now on. */
  add(runId: string): void {
    if (!this.#told.has(runId)) this.#told.set(runId, 0);
  }

  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.tell().catch(() => undefined);
      await this.#options.clock.sleep(EVERY_MS, stop);
    }
  }

  /** Tells what has happened since the last time. */
  async tell(): Promise<void> {
    if (this.#told.size === 0) return;
    for (const run of await this.#options.store.getMany([...this.#told.keys()])) this.#tellRun(run);
  }

  #tellRun(run: FlowRun): void {
    const told = this.#told.get(run.runId) ?? 0;
    const moves = run.history.slice(told).filter(({ at }) => at >= this.#since);
    for (const move of moves) this.#options.terminal.data(this.#text(run, move));
    if (isFinished(run)) this.#told.delete(run.runId);
    else this.#told.set(run.runId, run.history.length);
  }

  #text(run: FlowRun, { at, status, attempt, code }: HistoryEntry): string {
    const { dataStyle } = this.#options.terminal;
    const name = `${run.request.flow} ${shortIdOf(run.runId)}`;
    const facts = [
      attempt > 1 ? `attempt ${attempt}` : '',
      isFinished(run) && status === run.status ? ageText(run, at) : '',
      code === undefined || code === 'SUCCEEDED' ? '' : code,
    ];
    const words = [dataStyle('dim', clockText(at)), statusText(status, dataStyle), name, ...facts];
    return words.filter((word) => word !== '').join('  ');
  }
}
