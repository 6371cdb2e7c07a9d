import { styleText } from 'node:util';

/** The part of a stream that is written to. */
export interface OutputStream {
  write(text: string): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  readonly isTTY?: boolean;
}

type Format = Parameters<typeof styleText>[0];

/** Puts text into a colour or weight, where it is shown to a person. */
export type Style = (format: Format, text: string) => string;

export interface TerminalOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly noColor: boolean;
  readonly forceColor: boolean;
}

const ERASE_LINE = '\r\u001b[2K';

/** Where a command writes: data on stdout, all that is said about it on stderr. */
export class Terminal {
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #gone = new AbortController();
  /** For what goes to stdout. */
  readonly dataStyle: Style;
  /** For what goes to stderr. */
  readonly style: Style;
  #live = '';

  constructor({ stdout, stderr, noColor, forceColor }: TerminalOptions) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    for (const stream of [stdout, stderr]) stream.on('error', (error) => this.#onError(error));
    const coloured = (stream: OutputStream) => forceColor || (stream.isTTY === true && !noColor);
    this.dataStyle = styleFor(coloured(stdout));
    this.style = styleFor(coloured(stderr));
  }

  /** Aborted when nobody reads on: `slipway logs -f … | head`. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Whether a person reads stdout. */
  get isInteractive(): boolean {
    return this.#stdout.isTTY === true;
  }

  /** Whether a line on stderr can be written over. */
  get hasLiveLine(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** A line, or lines, of data. */
  data(text: string): void {
    this.#above(() => this.#write(this.#stdout, `${text}\n`));
  }

  /** A line for the person at the keyboard. */
  say(text = ''): void {
    this.#above(() => this.#write(this.#stderr, `${text}\n`));
  }

  /** The line that is written over by the next one; an empty one takes it away. Nothing where stderr is no terminal. */
  live(text: string): void {
    if (!this.hasLiveLine || text === this.#live) return;
    this.#write(this.#stderr, ERASE_LINE + text);
    this.#live = text;
  }

  #above(write: () => void): void {
    if (this.#live !== '') this.#write(this.#stderr, ERASE_LINE);
    write();
    if (this.#live !== '') this.#write(this.#stderr, this.#live);
  }

  #write(stream: OutputStream, text: string): void {
    if (!(stream === this.#stdout && this.#gone.signal.aborted)) stream.write(text);
  }

  #onError(error: Error): void {
    if (!('code' in error && error.code === 'EPIPE')) throw error;
    this.#gone.abort();
  }
}

function styleFor(coloured: boolean): Style {
  return coloured ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text;
}
