import type { LogLocation } from '../core/log-locator.ts';
import type { LogLine, LogPage, LogReader } from '../core/log-reader.ts';
import { MAX_PIPES_LINE_BYTES, parsePipesLine } from '../core/parse-pipes-line.ts';
import type { RunDetailStore, RunReport } from '../core/run-details.ts';

export interface CollectDeps {
  readonly logs: LogReader;
  readonly details: RunDetailStore;
  readonly monotonic: () => number;
  readonly sleep: (ms: number, stop: AbortSignal) => Promise<void>;
}

/** Whose output is read. */
export interface EndedOutput {
  readonly runId: string;
  readonly attempt: number;
  readonly location: LogLocation;
  /** Until when its reports are kept (epoch milliseconds); for ever if undefined. */
  readonly until?: number | undefined;
}

/** CloudWatch Logs shows a line seconds after it was written: so long a stream has to be quiet to count as read. */
const QUIET_MS = 8_000;
const SOONEST_MS = 500;
const LATEST_MS = 4_000;
const MAX_REPORTS = 10_000;

/** What an item of the record takes; a longer report loses its words, not its place. */
const MAX_PARAMS = 200 * 1024;

/**
 * Reads the output of a container that has ended, from its first line, and puts the messages of Dagster Pipes in it on
 * record. Pages follow each other while they bring lines; then it asks more and more seldom, until the program's last word
 * or until nothing more comes. Doing it again puts the same reports in the same places. Resolves to their number.
 */
export async function collectPipes(deps: CollectDeps, output: EndedOutput, stop: AbortSignal): Promise<number> {
  const finder = new MessageFinder(output);
  let cursor: string | undefined;
  let quietSince = deps.monotonic();
  let pauseMs = SOONEST_MS;
  while (!stop.aborted) {
    const page: LogPage = await deps.logs.read(output.location.group, output.location.stream, cursor);
    const found = page.lines.flatMap((line) => finder.take(line));
    if (found.length > 0) await deps.details.putReports(output.runId, found, output.until);
    cursor = page.cursor;
    if (page.lines.length > 0) {
      quietSince = deps.monotonic();
      pauseMs = SOONEST_MS;
      continue;
    }
    if (finder.isClosed || finder.isFull || deps.monotonic() - quietSince >= QUIET_MS) break;
    await deps.sleep(pauseMs, stop);
    pauseMs = Math.min(pauseMs * 2, LATEST_MS);
  }
  return finder.count;
}

/** Finds messages among lines. A long one may come in pieces: the awslogs driver cuts lines at 256 KB. */
class MessageFinder {
  readonly #output: EndedOutput;
  #held = '';
  count = 0;
  isClosed = false;

  constructor(output: EndedOutput) {
    this.#output = output;
  }

  get isFull(): boolean {
    return this.count >= MAX_REPORTS;
  }

  take({ at, message: line }: LogLine): readonly RunReport[] {
    const message = parsePipesLine(line) ?? parsePipesLine(this.#held + line);
    this.#held = message === undefined ? this.#hold(line) : '';
    if (message === undefined || this.isFull) return [];
    this.count += 1;
    this.isClosed ||= message.method === 'closed';
    const { attempt } = this.#output;
    const size = JSON.stringify(message.params).length;
    const params = size > MAX_PARAMS ? { leftOut: `${size} characters`, bytes: size } : message.params;
    return [{ attempt, number: this.count, at, method: message.method, params }];
  }

  #hold(line: string): string {
    const begins = line.startsWith('{') && line.includes('__dagster_pipes_version');
    if (begins) return line;
    const held = this.#held === '' ? '' : this.#held + line;
    return held.length > MAX_PIPES_LINE_BYTES ? '' : held;
  }
}
