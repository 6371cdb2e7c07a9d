import type { RememberedSend } from './dedup-window.ts';
import type { Message } from './message.ts';
import type { MoveTask } from './move-task.ts';
import { Queue, type QueueStart } from './queue.ts';
import type { QueueAttributes } from './queue-attributes.ts';

/** All queues of the account, by name, and the tasks that move dead letters back. */
export interface SqsState {
  readonly queues: Map<string, Queue>;
  readonly tasks: Map<string, MoveTask>;
}

/** What is written to disk. Expiry is not: it follows from the clock. */
export type SqsChange =
  | { readonly op: 'queue'; readonly start: QueueStart }
  | { readonly op: 'drop'; readonly queue: string }
  | { readonly op: 'attributes'; readonly queue: string; readonly attributes: QueueAttributes; readonly at: number }
  | { readonly op: 'tags'; readonly queue: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly op: 'put'; readonly queue: string; readonly message: Message }
  | { readonly op: 'remember'; readonly queue: string; readonly send: RememberedSend }
  | {
      readonly op: 'receive';
      readonly queue: string;
      readonly seqs: readonly number[];
      readonly at: number;
      readonly until: number;
    }
  | { readonly op: 'visible'; readonly queue: string; readonly seq: number; readonly at: number }
  | { readonly op: 'delete'; readonly queue: string; readonly seqs: readonly number[] }
  | { readonly op: 'purge'; readonly queue: string }
  | { readonly op: 'task'; readonly task: MoveTask };

export function emptySqsState(): SqsState {
  return { queues: new Map(), tasks: new Map() };
}

export function applySqsChange(state: SqsState, change: SqsChange): void {
  if (change.op === 'queue') {
    state.queues.set(change.start.name, new Queue(change.start));
  } else if (change.op === 'task') {
    state.tasks.set(change.task.handle, change.task);
  } else if (change.op === 'drop') {
    state.queues.delete(change.queue);
  } else {
    const queue = state.queues.get(change.queue);
    if (queue !== undefined) applyToQueue(queue, change);
  }
}

type QueueChange = Exclude<SqsChange, { op: 'queue' | 'task' | 'drop' }>;

function applyToQueue(queue: Queue, change: QueueChange): void {
  switch (change.op) {
    case 'attributes':
      queue.attributes = change.attributes;
      queue.modifiedAt = change.at;
      return;
    case 'tags':
      queue.tags = change.tags;
      return;
    case 'put':
      queue.add(change.message);
      return;
    case 'remember':
      queue.dedup.remember(change.send);
      return;
    case 'receive':
      for (const message of found(queue, change.seqs)) queue.receive(message, change.at, change.until);
      return;
    case 'visible':
      for (const message of found(queue, [change.seq])) queue.setVisibleAt(message, change.at);
      return;
    case 'delete':
      for (const message of found(queue, change.seqs)) queue.remove(message);
      return;
    case 'purge':
      for (const message of [...queue.messages()]) queue.remove(message);
      return;
  }
  change satisfies never;
}

/** Those that still exist: when changes are read again, some may have expired. */
function found(queue: Queue, seqs: readonly number[]): Message[] {
  return seqs.flatMap((seq) => queue.find(seq) ?? []);
}

export function* snapshotOfSqs(state: SqsState): Iterable<SqsChange> {
  for (const queue of state.queues.values()) {
    const { name, attributes, tags, createdAt, modifiedAt, nextSeq } = queue;
    yield { op: 'queue', start: { name, attributes, tags, createdAt, modifiedAt, nextSeq } };
    for (const message of queue.messages()) yield { op: 'put', queue: name, message };
    for (const send of queue.dedup.all()) yield { op: 'remember', queue: name, send };
  }
  for (const task of state.tasks.values()) yield { op: 'task', task };
}
