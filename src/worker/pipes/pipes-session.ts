import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileStore } from '../../core/file-store.ts';
import type { Json, JsonMap } from '../../core/json.ts';
import { isJsonMap } from '../../core/json.ts';
import { LineCutter } from '../../core/line-cutter.ts';
import { MAX_PIPES_LINE_BYTES, type PipesMessage, parsePipesLine } from '../../core/parse-pipes-line.ts';
import { encodePipesParams, type PipesRun, pipesContext } from '../../core/pipes-bootstrap.ts';
import type { FlowLog } from '../../sdk/flow-context.ts';
import type { Clock } from '../../service/clock.ts';
import { describeError, type Log } from '../../service/log.ts';
import type { SaidReport } from '../record-details.ts';
import { exceptionHead, exceptionText } from './pipes-exception.ts';
import { readChunks } from './read-chunks.ts';
import { tailFile } from './tail-file.ts';

export interface PipesDeps {
  readonly run: PipesRun;
  /** An empty folder that the program can read and write. */
  readonly folder: string;
  readonly files: FileStore;
  /** Messages may come through this bucket, too. */
  readonly bucket: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Where what the program logs goes, unless it is in its output anyway. */
  readonly flowLog: FlowLog;
  readonly report: (report: SaidReport) => void;
}

/** What a program's last words were. */
export interface PipesEnd {
  readonly opened: boolean;
  readonly closed: boolean;
  /** What it closed with, if that was an exception: in one line, and whole. */
  readonly exception?: { readonly head: string; readonly text: string };
}

/**
 * One conversation by the protocol of Dagster Pipes with the program that runs: over a file, over S3, or in its output, as
 * its client likes. One that says nothing, ends without a word, or writes anything else costs nothing and breaks nothing.
 */
export class PipesSession {
  /** The variables by which a client knows where it is. */
  readonly variables: Readonly<Record<string, string>>;
  readonly #deps: PipesDeps;
  readonly #ended = new AbortController();
  readonly #reading: Promise<unknown>;
  #end: PipesEnd = { opened: false, closed: false };

  private constructor(deps: PipesDeps, contextPath: string, messagesPath: string) {
    this.#deps = deps;
    const s3 = deps.bucket === undefined ? undefined : s3Place(deps.bucket, deps.run);
    this.variables = {
      DAGSTER_PIPES_CONTEXT: encodePipesParams({ path: contextPath }),
      DAGSTER_PIPES_MESSAGES: encodePipesParams({ path: messagesPath, ...s3 }),
    };
    const stop = this.#ended.signal;
    this.#reading = Promise.all([
      tailFile(messagesPath, deps.clock, stop, this.lineReader(false)),
      s3 && this.#readS3(`s3://${s3.bucket}/${s3.key_prefix}`),
    ]);
  }

  static async open(deps: PipesDeps): Promise<PipesSession> {
    const contextPath = join(deps.folder, 'pipes-context.json');
    const messagesPath = join(deps.folder, 'pipes-messages.jsonl');
    await writeFile(contextPath, JSON.stringify(pipesContext(deps.run)));
    await writeFile(messagesPath, '');
    return new PipesSession(deps, contextPath, messagesPath);
  }

  /** Takes bytes of one stream and finds the messages among its lines; `isOutput` for what is in the log already. */
  lineReader(isOutput: boolean): (chunk: Uint8Array) => void {
    const lines = new LineCutter(MAX_PIPES_LINE_BYTES);
    return (chunk) => {
      for (const line of lines.push(chunk)) {
        const message = parsePipesLine(line);
        if (message !== undefined) this.#take(message, isOutput);
      }
    };
  }

  /** Reads what is left; to be called when the program has ended. */
  async finish(): Promise<PipesEnd> {
    this.#ended.abort();
    await this.#reading;
    if (this.#end.opened && !this.#end.closed) this.#deps.log.warn('worker.pipes-not-closed');
    return this.#end;
  }

  async #readS3(prefix: string): Promise<void> {
    const { files, clock, log } = this.#deps;
    try {
      await readChunks(files, prefix, clock, this.#ended.signal, this.lineReader(false));
    } catch (error) {
      // A missing file is a denied one to whoever may not list its bucket: then nobody knows whether there were messages.
      log.warn('worker.pipes-s3-unread', { error: describeError(error) });
    }
  }

  #take({ method, params }: PipesMessage, isOutput: boolean): void {
    if (method === 'opened') this.#end = { ...this.#end, opened: true };
    if (method === 'closed') this.#end = { ...this.#end, closed: true, ...exceptionOf(params) };
    if (method === 'log' && !isOutput) this.#logLine(params);
    this.#deps.report({ method, params });
  }

  #logLine(params: Json): void {
    const said: JsonMap = isJsonMap(params) ? params : {};
    this.#deps.flowLog[levelOf(said.level)]('pipes.log', { message: said.message });
  }
}

function exceptionOf(closed: Json): Pick<PipesEnd, 'exception'> {
  const head = exceptionHead(closed);
  return head === undefined ? {} : { exception: { head, text: exceptionText(closed) ?? head } };
}

function s3Place(bucketUri: string, { runId, attempt }: PipesRun): { bucket: string; key_prefix: string } {
  const [bucket = '', ...prefix] = bucketUri.slice('s3://'.length).split('/');
  return { bucket, key_prefix: [...prefix, 'pipes', runId, String(attempt)].join('/') };
}

/** Python's levels (dagster-pipes, `PipesContext.log`) in ours. */
function levelOf(level: Json | undefined): keyof FlowLog {
  switch (level) {
    case 'DEBUG':
      return 'debug';
    case 'WARNING':
      return 'warn';
    case 'ERROR':
    case 'CRITICAL':
      return 'error';
    default:
      return 'info';
  }
}
