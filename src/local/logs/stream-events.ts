import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, rmSync } from 'node:fs';
import { writeWhole } from '../write-whole.ts';

/** Times are epoch milliseconds. */
export interface LogEvent {
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly message: string;
}

/** As a line on disk: a batch of `[timestamp, ingestedAt, message]`. */
type EventRow = readonly [number, number, string];

const NEWLINE = 0x0a;

/**
 * The events of one stream in the order of their timestamps, in memory and, with a path, in a file of their own: one
 * line per batch, written before {@link append} returns. The file is read when the stream is first used.
 */
export class StreamEvents {
  readonly #path: string | undefined;
  #events: LogEvent[] | undefined;
  #bytes = 0;
  #sorted = true;

  constructor(path: string | undefined) {
    this.#path = path;
  }

  all(): readonly LogEvent[] {
    const events = this.#load();
    if (!this.#sorted) events.sort((a, b) => a.timestamp - b.timestamp);
    this.#sorted = true;
    return events;
  }

  append(batch: readonly LogEvent[]): void {
    const events = this.#load();
    if (batch.length === 0) return;
    if (this.#path !== undefined) this.#write(this.#path, batch);
    for (const event of batch) this.#take(events, event);
  }

  /** Removes the file of a stream that is no more, or one that a killed process left under its name. */
  erase(): void {
    if (this.#path !== undefined) rmSync(this.#path, { force: true });
    this.#events = [];
    this.#bytes = 0;
  }

  #load(): LogEvent[] {
    if (this.#events !== undefined) return this.#events;
    const events: LogEvent[] = [];
    if (this.#path !== undefined && existsSync(this.#path)) this.#read(this.#path, events);
    this.#events = events;
    return events;
  }

  /** Only complete lines count: the last one may have been cut off by a kill, and the next is written over it. */
  #read(path: string, events: LogEvent[]): void {
    const content = readFileSync(path);
    this.#bytes = content.lastIndexOf(NEWLINE) + 1;
    for (const line of content.toString('utf8', 0, this.#bytes).split('\n')) {
      if (line === '') continue;
      const rows: readonly EventRow[] = JSON.parse(line);
      for (const [timestamp, ingestedAt, message] of rows) this.#take(events, { timestamp, ingestedAt, message });
    }
  }

  #take(events: LogEvent[], event: LogEvent): void {
    const last = events.at(-1);
    if (last !== undefined && last.timestamp > event.timestamp) this.#sorted = false;
    events.push(event);
  }

  /** The file is open for the moment only: there can be more streams than a process may have open files. */
  #write(path: string, batch: readonly LogEvent[]): void {
    const rows = batch.map(({ timestamp, ingestedAt, message }): EventRow => [timestamp, ingestedAt, message]);
    const file = openSync(path, 'a');
    try {
      ftruncateSync(file, this.#bytes);
      this.#bytes += writeWhole(file, `${JSON.stringify(rows)}\n`);
    } finally {
      closeSync(file);
    }
  }
}
