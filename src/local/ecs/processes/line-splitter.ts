/** CloudWatch Logs takes events of up to 1 MB; the awslogs driver cuts lines at 256 KB. */
const MAX_LINE_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** Turns a stream of bytes into lines. Characters that are split between two chunks are put together again. */
export class LineSplitter {
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** The lines that the chunk completes, without line ends; empty ones are left out, as there are no empty log events. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, at));
      lines.push(...this.flush());
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    if (this.#restBytes >= 2 * MAX_LINE_BYTES) lines.push(...this.#cutLong());
    return lines;
  }

  /** What has come since the last line end. */
  flush(): string[] {
    const pieces = piecesOf(Buffer.concat(this.#rest));
    this.#rest = [];
    this.#restBytes = 0;
    return pieces.map((piece) => piece.toString('utf8')).filter((line) => line !== '');
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#rest.push(bytes);
    this.#restBytes += bytes.length;
  }

  /** Lets go of all but the last piece of a line that has no end in sight. */
  #cutLong(): string[] {
    const pieces = piecesOf(Buffer.concat(this.#rest));
    const last = pieces.pop() ?? Buffer.alloc(0);
    this.#rest = [last];
    this.#restBytes = last.length;
    return pieces.map((piece) => piece.toString('utf8'));
  }
}

/** Pieces of at most the length of a line, cut between characters. */
function piecesOf(line: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  while (line.length - from > MAX_LINE_BYTES) {
    const end = characterStart(line, from + MAX_LINE_BYTES);
    pieces.push(line.subarray(from, end));
    from = end;
  }
  pieces.push(line.subarray(from));
  return pieces;
}

/** The nearest position at or before `at` where a UTF-8 character begins. */
function characterStart(bytes: Buffer, at: number): number {
  let start = at;
  while (start > at - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
