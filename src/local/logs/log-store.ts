import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Journal } from '../journal.ts';
import { noGroup, noStream } from './logs-errors.ts';
import { StreamEvents } from './stream-events.ts';

export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly retentionDays: number | undefined;
  readonly streams: Map<string, LogStream>;
}

export interface LogStream {
  readonly name: string;
  readonly createdAt: number;
  /** Names its file; grows, so it is also the order of creation. */
  readonly number: number;
  readonly events: StreamEvents;
}

type LogsChange =
  | { readonly op: 'group'; readonly name: string; readonly at: number }
  | { readonly op: 'retention'; readonly name: string; readonly days?: number }
  | { readonly op: 'drop-group'; readonly name: string }
  | {
      readonly op: 'stream';
      readonly group: string;
      readonly name: string;
      readonly at: number;
      readonly number: number;
    }
  | { readonly op: 'drop-stream'; readonly group: string; readonly name: string };

interface LogsState {
  readonly groups: Map<string, LogGroup>;
  nextNumber: number;
}

/** Log groups and streams: their names in a journal, the events of each stream in a file of its own. */
export class LogStore {
  readonly #journal: Journal<LogsState, LogsChange>;
  readonly #folder: string | undefined;

  constructor(stateDir: string | undefined) {
    this.#folder = stateDir === undefined ? undefined : join(stateDir, 'logs');
    if (this.#folder !== undefined) mkdirSync(this.#folder, { recursive: true });
    this.#journal = new Journal<LogsState, LogsChange>({
      path: stateDir === undefined ? undefined : join(stateDir, 'logs.jsonl'),
      empty: () => ({ groups: new Map(), nextNumber: 1 }),
      apply: (state, change) => this.#apply(state, change),
      snapshot,
    });
  }

  groups(): LogGroup[] {
    return [...this.#journal.state.groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  findGroup(name: string): LogGroup | undefined {
    return this.#journal.state.groups.get(name);
  }

  group(name: string): LogGroup {
    const group = this.findGroup(name);
    if (group === undefined) throw noGroup();
    return group;
  }

  stream(groupName: string, name: string): LogStream {
    const stream = this.group(groupName).streams.get(name);
    if (stream === undefined) throw noStream();
    return stream;
  }

  addGroup(name: string, at: number): void {
    this.#journal.change({ op: 'group', name, at });
  }

  setRetention(name: string, days: number | undefined): void {
    this.#journal.change({ op: 'retention', name, ...(days === undefined ? {} : { days }) });
  }

  /** A kill between the two steps leaves files that nobody reads. */
  dropGroup(group: LogGroup): void {
    this.#journal.change({ op: 'drop-group', name: group.name });
    for (const stream of group.streams.values()) stream.events.erase();
  }

  addStream(group: LogGroup, name: string, at: number): LogStream {
    const number = this.#journal.state.nextNumber;
    this.#eventsOf(number).erase();
    this.#journal.change({ op: 'stream', group: group.name, name, at, number });
    return this.stream(group.name, name);
  }

  dropStream(group: LogGroup, stream: LogStream): void {
    this.#journal.change({ op: 'drop-stream', group: group.name, name: stream.name });
    stream.events.erase();
  }

  close(): void {
    this.#journal.close();
  }

  #eventsOf(number: number): StreamEvents {
    return new StreamEvents(this.#folder === undefined ? undefined : join(this.#folder, `${number}.jsonl`));
  }

  #apply(state: LogsState, change: LogsChange): void {
    switch (change.op) {
      case 'group': {
        const { name, at } = change;
        state.groups.set(name, { name, createdAt: at, retentionDays: undefined, streams: new Map() });
        return;
      }
      case 'retention': {
        const group = state.groups.get(change.name);
        if (group !== undefined) state.groups.set(change.name, { ...group, retentionDays: change.days });
        return;
      }
      case 'drop-group':
        state.groups.delete(change.name);
        return;
      case 'stream': {
        const { name, at, number } = change;
        const stream: LogStream = { name, createdAt: at, number, events: this.#eventsOf(number) };
        state.groups.get(change.group)?.streams.set(name, stream);
        state.nextNumber = Math.max(state.nextNumber, number + 1);
        return;
      }
      case 'drop-stream':
        state.groups.get(change.group)?.streams.delete(change.name);
        return;
    }
    change satisfies never;
  }
}

function* snapshot(state: LogsState): Iterable<LogsChange> {
  for (const group of state.groups.values()) {
    yield { op: 'group', name: group.name, at: group.createdAt };
    if (group.retentionDays !== undefined) yield { op: 'retention', name: group.name, days: group.retentionDays };
    for (const { name, createdAt, number } of group.streams.values()) {
      yield { op: 'stream', group: group.name, name, at: createdAt, number };
    }
  }
}
