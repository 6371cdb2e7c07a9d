import { Transform, type TransformCallback } from 'node:stream';

/** A longer line is passed on in pieces: the awslogs driver cuts there anyway. */
const MAX_HELD_BYTES = 256 * 1024;
/** What is worth keeping of a program's complaints: a stack of any language fits. */
const TAIL_BYTES = 16 * 1024;
const NEWLINE = 0x0a;

/** Passes bytes on by whole lines, unchanged, so that two writers to one log never share a line. Remembers the last ones. */
export class WholeLines extends Transform {
  #held: Buffer[] = [];
  #heldBytes = 0;
  #tail: Buffer = Buffer.alloc(0);
  readonly #watch: (chunk: Uint8Array) => void;

  /** `watch` is shown every chunk as it comes. */
  constructor(watch: (chunk: Uint8Array) => void = () => {}) {
    super();
    this.#watch = watch;
  }

  /** The last line that says something. */
  get lastLine(): string {
    const { tail } = this;
    return tail.slice(tail.lastIndexOf('\n') + 1);
  }

  /** The last lines, up to so much. */
  get tail(): string {
    return this.#tail.toString().trimEnd();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#watch(chunk);
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    this.#hold(chunk.subarray(0, end));
    if (end > 0) this.#pass();
    this.#hold(chunk.subarray(end));
    if (this.#heldBytes > MAX_HELD_BYTES) this.#pass();
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#heldBytes > 0) {
      this.#hold(Buffer.from('\n'));
      this.#pass();
    }
    done();
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #pass(): void {
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    this.#tail = Buffer.concat([this.#tail, bytes]).subarray(-TAIL_BYTES);
    this.push(bytes);
  }
}
