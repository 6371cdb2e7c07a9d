const NEWLINE = 0x0a;

/** Cuts bytes into lines, wherever the chunks end. A line that is longer than allowed is left out: it is skipped, not held. */
export class LineCutter {
  readonly #maxBytes: number;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #isSkipping = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that end in this chunk. */
  push(chunk: Uint8Array): readonly string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      this.#hold(chunk.subarray(from, end));
      lines.push(...this.rest());
      from = end + 1;
    }
    this.#hold(chunk.subarray(from));
    return lines;
  }

  /** The line that has begun and not ended, if there is one; the next chunk begins a new one. */
  rest(): readonly string[] {
    const line = this.#heldBytes === 0 ? [] : [Buffer.concat(this.#held).toString('utf8')];
    const lines = this.#isSkipping ? [] : line;
    this.#held = [];
    this.#heldBytes = 0;
    this.#isSkipping = false;
    return lines;
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#isSkipping) return;
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > this.#maxBytes) {
      this.#isSkipping = true;
      this.#held = [];
      return;
    }
    // A copy: the chunk's memory may be used again before the line has ended.
    this.#held.push(Uint8Array.from(bytes));
  }
}
