import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeWhole } from './write-whole.ts';

export interface JournalOptions<State, Change> {
  /** The file, or undefined to keep nothing on disk. */
  readonly path: string | undefined;
  readonly empty: () => State;
  /** Applies one change to the state, in place. Must give the same state whenever the same changes are applied. */
  readonly apply: (state: State, change: Change) => void;
  /** The whole state as changes that make it again; the file is rewritten with them when it has grown. */
  readonly snapshot: (state: State) => Iterable<Change>;
}

const COMPACT_AFTER_BYTES = 16 * 1024 * 1024;
const CHUNK_CHARS = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * State in memory, changes on disk: one JSON line each, written before {@link change} returns. A killed process loses
 * no change that it acknowledged; a last line that was cut off by the kill is dropped when the file is read. Against
 * loss of power nothing is done: lines are handed to the operating system, not forced to the platter.
 */
export class Journal<State, Change> {
  readonly state: State;
  readonly #options: JournalOptions<State, Change>;
  #file: number | undefined;
  #bytes = 0;
  #closed = false;
  #compactAbove = COMPACT_AFTER_BYTES;

  constructor(options: JournalOptions<State, Change>) {
    this.#options = options;
    this.state = options.empty();
    if (options.path === undefined) return;
    mkdirSync(dirname(options.path), { recursive: true });
    const whole = existsSync(options.path) ? this.#replay(options.path) : 0;
    this.#file = openSync(options.path, 'a');
    ftruncateSync(this.#file, whole);
    this.#bytes = whole;
  }

  /**
   * Writes the changes and applies them; they are on disk together or not at all. When the disk refuses them, it
   * throws and the state is as before.
   */
  change(...changes: readonly Change[]): void {
    if (changes.length === 0) return;
    if (this.#closed) throw new Error(`${this.#options.path} is closed: a change would be lost`);
    if (this.#file !== undefined) this.#append(this.#file, `${JSON.stringify(changes)}\n`);
    for (const change of changes) this.#options.apply(this.state, change);
    if (this.#file !== undefined && this.#bytes > this.#compactAbove) this.#compact();
  }

  /** Ends writing. Where there is a file, later changes throw. */
  close(): void {
    this.#closed = this.#options.path !== undefined;
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** Applies the complete lines; returns how many bytes they take. */
  #replay(path: string): number {
    const content = readFileSync(path);
    let start = 0;
    for (let end = content.indexOf(NEWLINE); end >= 0; end = content.indexOf(NEWLINE, start)) {
      for (const change of this.#parse(path, content.toString('utf8', start, end), start)) {
        this.#options.apply(this.state, change);
      }
      start = end + 1;
    }
    return start;
  }

  #parse(path: string, line: string, offset: number): readonly Change[] {
    try {
      return JSON.parse(line);
    } catch {
      throw new Error(
        `${path} is damaged: the line at byte ${offset} is not JSON. Move the file away to begin with an empty state.`,
      );
    }
  }

  /** What a failed write left behind is cut off again, else the next line would continue a broken one. */
  #append(file: number, line: string): void {
    try {
      this.#bytes += writeWhole(file, line);
    } catch (error) {
      ftruncateSync(file, this.#bytes);
      throw error;
    }
  }

  /**
   * A crash before the rename leaves the old file, which says the same. So does a disk that is too full for a second
   * copy: it is tried again when the file has doubled, and meanwhile changes go on as long as they fit.
   */
  #compact(): void {
    const { path, snapshot } = this.#options;
    if (path === undefined || this.#file === undefined) return;
    const fresh = openFresh(`${path}.new`);
    try {
      const bytes = writeLines(fresh, snapshot(this.state));
      renameSync(`${path}.new`, path);
      closeSync(this.#file);
      this.#file = fresh;
      this.#bytes = bytes;
    } catch {
      closeSync(fresh);
      rmSync(`${path}.new`, { force: true });
    }
    this.#compactAbove = Math.max(COMPACT_AFTER_BYTES, 2 * this.#bytes);
  }
}

function openFresh(path: string): number {
  rmSync(path, { force: true });
  return openSync(path, 'a');
}

/** Writes one line per change, about a mebibyte at a time. Returns the bytes written. */
function writeLines(file: number, changes: Iterable<unknown>): number {
  let bytes = 0;
  let chunk = '';
  for (const change of changes) {
    chunk += `${JSON.stringify([change])}\n`;
    if (chunk.length < CHUNK_CHARS) continue;
    bytes += writeWhole(file, chunk);
    chunk = '';
  }
  return bytes + writeWhole(file, chunk);
}
