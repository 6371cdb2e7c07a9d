import type { LogLine } from '../core/log-reader.ts';
import { type FlowRun, isFinished } from '../core/run.ts';
import { stopOnSignals } from '../service/stop-on-signals.ts';
import type { CliContext } from './cli-context.ts';
import { connectStore } from './connected-store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { EXIT } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { logSourceOf } from './log-source.ts';
import { type LogTail, openLogTail } from './log-tail.ts';
import { outputLine } from './output-line.ts';
import { shortIdOf } from './run-id.ts';
import { usageError } from './user-error.ts';
import { LOCAL_WATCH, REMOTE_WATCH, type WatchRunPace } from './watch-run.ts';

export interface ShowLogsFlags extends ConnectionFlags {
  readonly run: string;
  readonly follow: boolean;
  readonly attempt?: number | undefined;
  readonly timestamps: boolean;
  /** Lines as they were written; JSON lines are made readable otherwise. */
  readonly raw: boolean;
  readonly last?: number | undefined;
  readonly output: string;
}

/** Prints the output of a run's container, and with `follow` goes on until the run has ended and nothing more comes. */
export async function showLogs(flags: ShowLogsFlags, context: CliContext): Promise<number> {
  const { store, connection } = await connectStore(flags, context);
  const run = await findRun(store, flags.run, context.clock.now());
  checkFlags(flags, run);
  const tail = await openLogTail(connection.aws);
  const printer = new LinePrinter(flags, context);
  printer.print(await linesOf(tail, run, flags));
  if (flags.follow) {
    const reread = async () => (await store.get(run.runId)) ?? run;
    const pace = connection.isLocal ? LOCAL_WATCH : REMOTE_WATCH;
    if (!(await follow({ tail, printer, pace, reread }, flags, context))) return EXIT.interrupted;
  }
  if (printer.count === 0) tellNothing(tail, run, flags, context);
  return EXIT.ok;
}

function checkFlags({ last, attempt }: ShowLogsFlags, run: FlowRun): void {
  if (last !== undefined && !(Number.isInteger(last) && last > 0))
    throw usageError('--last takes a number of lines, 1 or more');
  if (attempt !== undefined && !(attempt >= 1 && attempt <= run.attempt))
    throw usageError(`run ${shortIdOf(run.runId)} has the attempts 1 to ${run.attempt}, not ${attempt}`);
}

async function linesOf(tail: LogTail, run: FlowRun, { attempt }: ShowLogsFlags): Promise<readonly LogLine[]> {
  const source = logSourceOf(run, attempt ?? run.attempt);
  return source === undefined ? [] : tail.read(source);
}

interface Followed {
  readonly tail: LogTail;
  readonly printer: LinePrinter;
  readonly pace: WatchRunPace;
  readonly reread: () => Promise<FlowRun>;
}

/** Whether the output was followed to its end, or to the end of whoever reads it. */
async function follow(
  { tail, printer, pace, reread }: Followed,
  flags: ShowLogsFlags,
  context: CliContext,
): Promise<boolean> {
  const { clock, terminal, signals } = context;
  const { stop, release } = stopOnSignals(signals);
  const end = AbortSignal.any([stop.signal, terminal.gone]);
  try {
    let quietSince = clock.monotonic();
    while (!end.aborted) {
      const run = await reread();
      const lines = await linesOf(tail, run, flags);
      printer.print(lines);
      const over = isFinished(run) || (flags.attempt !== undefined && flags.attempt < run.attempt);
      if (lines.length > 0 || !over) quietSince = clock.monotonic();
      if (clock.monotonic() - quietSince >= pace.quietMs) return true;
      await clock.sleep(pace.everyMs, end);
    }
    return terminal.gone.aborted;
  } finally {
    release();
  }
}

class LinePrinter {
  readonly #flags: ShowLogsFlags;
  readonly #context: CliContext;
  count = 0;

  constructor(flags: ShowLogsFlags, context: CliContext) {
    this.#flags = flags;
    this.#context = context;
  }

  /** Prints lines; of the first ones only the last that were asked for. */
  print(lines: readonly LogLine[]): void {
    const { last } = this.#flags;
    const shown = this.count === 0 && last !== undefined ? lines.slice(-last) : lines;
    this.count += lines.length;
    for (const line of shown) this.#context.terminal.data(this.#text(line));
  }

  #text({ at, message }: LogLine): string {
    const { output, timestamps, raw } = this.#flags;
    const { dataStyle } = this.#context.terminal;
    const time = new Date(at).toISOString();
    if (output === 'json') return JSON.stringify({ at: time, message });
    const text = raw ? message : outputLine(message, dataStyle);
    return timestamps ? `${dataStyle('dim', time)} ${text}` : text;
  }
}

function tellNothing(tail: LogTail, run: FlowRun, { attempt }: ShowLogsFlags, { terminal }: CliContext): void {
  const why = tail.obstacle ?? (logSourceOf(run, attempt) === undefined ? 'no container was started' : undefined);
  terminal.say(
    `0 lines of ${run.request.flow} ${shortIdOf(run.runId)}, ${run.status}${why === undefined ? '' : `: ${why}`}`,
  );
}
