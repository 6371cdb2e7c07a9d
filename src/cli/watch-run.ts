import type { FinishedRun, FlowRun, HistoryEntry } from '../core/run.ts';
import { isFinished } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import type { Clock } from '../service/clock.ts';
import { explainError } from './explain-error.ts';
import { logSourceOf } from './log-source.ts';
import type { LogTail } from './log-tail.ts';
import { outputLine } from './output-line.ts';
import { statusText } from './print-status.ts';
import { clockText, durationText } from './print-time.ts';
import { shortIdOf } from './run-id.ts';
import type { Terminal } from './terminal.ts';
import { waitingWords } from './waiting-words.ts';

export interface WatchRunOptions {
  readonly runId: string;
  readonly store: RunStore;
  readonly tail: LogTail;
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Ends the watching; the run goes on. */
  readonly stop: AbortSignal;
  readonly pace: WatchRunPace;
  /** Where the request was sent. */
  readonly queueUrl: string;
  /** Prints a line of the run's output. */
  readonly onLine: (line: string) => void;
}

export interface WatchRunPace {
  readonly everyMs: number;
  /** The output has ended when nothing has come for so long after the run's end. */
  readonly quietMs: number;
}

/** The output of a container on AWS comes late by seconds, and every look costs. */
export const REMOTE_WATCH: WatchRunPace = { everyMs: 1_000, quietMs: 2_000 };
export const LOCAL_WATCH: WatchRunPace = { everyMs: 100, quietMs: 300 };

/** A run that waits for longer deserves a word about why. */
const SOON_MS = 5_000;

/** So many looks in a row may fail before the watching gives up. */
const MAX_FAILURES = 20;

/** Follows a run's moves and output to its end; undefined if it was stopped before. */
export async function watchRun(options: WatchRunOptions): Promise<FinishedRun | undefined> {
  const watch = new Watch(options);
  const { clock, stop, pace, terminal } = options;
  let finished: FinishedRun | undefined;
  while (finished === undefined && !stop.aborted) {
    finished = await watch.look();
    if (finished === undefined) await clock.sleep(pace.everyMs, stop);
  }
  if (finished !== undefined) await watch.readRest(finished);
  terminal.live('');
  return stop.aborted ? undefined : finished;
}

class Watch {
  readonly #options: WatchRunOptions;
  readonly #since: number;
  #failures = 0;
  #movesTold = 0;
  #told = '';

  constructor(options: WatchRunOptions) {
    this.#options = options;
    this.#since = options.clock.monotonic();
  }

  /** One look at the record and the output. */
  async look(): Promise<FinishedRun | undefined> {
    const { store, runId } = this.#options;
    try {
      const run = await store.get(runId);
      this.#tellMoves(run);
      this.#tellWaiting(run);
      if (run !== undefined) await this.#tellOutput(run);
      this.#failures = 0;
      return run !== undefined && isFinished(run) ? run : undefined;
    } catch (error) {
      this.#failures += 1;
      if (!explainError(error).mayPass || this.#failures > MAX_FAILURES) throw error;
      return undefined;
    }
  }

  /** The end of the output may come after the end of the run. */
  async readRest(run: FinishedRun): Promise<void> {
    const { clock, stop, pace } = this.#options;
    let quietSince = clock.monotonic();
    while (!stop.aborted && logSourceOf(run) !== undefined && clock.monotonic() - quietSince < pace.quietMs) {
      if (await this.#tellOutput(run)) quietSince = clock.monotonic();
      await clock.sleep(Math.min(pace.everyMs, pace.quietMs), stop);
    }
  }

  #tellMoves(run: FlowRun | undefined): void {
    const { terminal, clock, runId } = this.#options;
    if (terminal.hasLiveLine) {
      const status = run?.status ?? 'QUEUED';
      const seconds = durationText(run === undefined ? clock.monotonic() - this.#since : clock.now() - run.requestedAt);
      terminal.live(`${statusText(status, terminal.style)} ${seconds}  ${shortIdOf(runId)}`);
      return;
    }
    for (const move of run?.history.slice(this.#movesTold) ?? []) terminal.say(moveText(move, terminal));
    this.#movesTold = run?.history.length ?? 0;
  }

  #tellWaiting(run: FlowRun | undefined): void {
    const { clock, terminal, queueUrl } = this.#options;
    if (clock.monotonic() - this.#since < SOON_MS) return;
    const words = waitingWords(run, queueUrl, clock.now());
    if (words !== undefined && words !== this.#told) terminal.say(words);
    this.#told = words ?? this.#told;
  }

  async #tellOutput(run: FlowRun): Promise<boolean> {
    const source = logSourceOf(run);
    if (source === undefined) return false;
    const { tail, onLine, terminal } = this.#options;
    const lines = await tail.read(source);
    for (const { at, message } of lines)
      onLine(`${terminal.dataStyle('dim', clockText(at))} ${outputLine(message, terminal.dataStyle)}`);
    return lines.length > 0;
  }
}

function moveText({ at, status, attempt, code }: HistoryEntry, { style }: Terminal): string {
  const facts = [attempt > 1 ? `attempt ${attempt}` : '', code === undefined || code === 'SUCCEEDED' ? '' : code];
  return [style('dim', clockText(at)), statusText(status, style), ...facts.filter((fact) => fact !== '')].join('  ');
}
