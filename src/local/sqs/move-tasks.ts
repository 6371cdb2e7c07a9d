import { randomUUID } from 'node:crypto';
import { type Input, optionalNumber, optionalText } from '../read-input.ts';
import type { JsonCall } from '../service.ts';
import { takeSeq } from './dead-letters.ts';
import type { Message } from './message.ts';
import type { MoveTask } from './move-task.ts';
import type { Queue } from './queue.ts';
import type { SqsChange } from './queue-changes.ts';
import type { SqsAccount } from './sqs-account.ts';
import { invalidParameter, invalidValue, missingParameter, resourceNotFound } from './sqs-errors.ts';

/** SQS API, StartMessageMoveTask: the highest rate. */
const MAX_PER_SECOND = 500;
const ROUND_MS = 1000;

/** Moves dead letters back, one round a second. */
export class MoveTasks {
  readonly #account: SqsAccount;
  readonly #timers = new Map<string, { cancel(): void }>();

  /** Goes on with what was running when the state was written. */
  constructor(account: SqsAccount) {
    this.#account = account;
    for (const task of account.state.tasks.values()) this.#plan(task, 0);
  }

  start({ input }: JsonCall): Record<string, unknown> {
    const source = this.#sourceOf(input);
    const destination = optionalText(input, 'DestinationArn');
    if (destination !== undefined && this.#account.queueByArn(destination) === undefined) {
      throw resourceNotFound("The resource that you specified for the DestinationArn parameter doesn't exist.");
    }
    const task: MoveTask = {
      handle: Buffer.from(`${randomUUID()} ${this.#account.arnOf(source)}`).toString('base64'),
      source: source.name,
      ...(destination === undefined ? {} : { destination }),
      ...readRate(input),
      startedAt: this.#account.clock.now(),
      status: 'RUNNING',
      moved: 0,
      toMove: source.order.size,
    };
    if (this.#runningFor(source.name)) {
      throw invalidParameter(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    this.#account.change({ op: 'task', task });
    this.#plan(task, 0);
    return { TaskHandle: task.handle };
  }

  /** ListMessageMoveTasks: the newest first, one unless the call asks for up to ten. */
  list({ input }: JsonCall): Record<string, unknown> {
    const arn = optionalText(input, 'SourceArn') ?? '';
    const source = this.#account.queueByArn(arn);
    if (source === undefined) throw noSource();
    const max = optionalNumber(input, 'MaxResults') ?? 1;
    if (max < 1 || max > 10) throw invalidValue(max, 'MaxResults', 'Must be between 1 and 10.');
    const tasks = [...this.#account.state.tasks.values()].filter((task) => task.source === source.name).reverse();
    return { Results: tasks.slice(0, max).map((task) => taskOut(task, arn)) };
  }

  cancel({ input }: JsonCall): Record<string, unknown> {
    const handle = optionalText(input, 'TaskHandle') ?? '';
    const task = this.#account.state.tasks.get(handle);
    if (task === undefined) {
      if (!/ arn:/.test(Buffer.from(handle, 'base64').toString())) {
        throw invalidParameter('Value for parameter TaskHandle is invalid.');
      }
      throw resourceNotFound('Task does not exist.');
    }
    if (task.status !== 'RUNNING') throw invalidParameter('Only active tasks can be cancelled.');
    this.#timers.get(handle)?.cancel();
    this.#account.change({ op: 'task', task: { ...task, status: 'CANCELLED' } });
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #plan(task: MoveTask, ms: number): void {
    if (task.status !== 'RUNNING') return;
    this.#timers.set(
      task.handle,
      this.#account.clock.after(ms, () => this.#round(task.handle)),
    );
  }

  #round(handle: string): void {
    this.#timers.delete(handle);
    const task = this.#account.state.tasks.get(handle);
    if (task?.status !== 'RUNNING') return;
    const next = this.#moveSome(task);
    this.#account.change({ op: 'task', task: next });
    this.#plan(next, ROUND_MS);
  }

  /** Moves one second's worth; returns the task as it is then. */
  #moveSome(task: MoveTask): MoveTask {
    const source = this.#account.state.queues.get(task.source);
    if (source === undefined) return failed(task, 0);
    source.tick(this.#account.clock.now());
    const count = Math.min(task.perSecond ?? MAX_PER_SECOND, task.toMove - task.moved);
    for (let moved = 0; moved < count; moved += 1) {
      const message = source.order.first();
      if (message === undefined) return { ...task, moved: task.moved + moved, status: 'COMPLETED' };
      const target = this.#targetOf(task, message);
      if (target === undefined) return failed(task, moved);
      this.#account.change(...movedChanges(this.#account, source, target, message));
      this.#account.polls.wake(target);
    }
    const moved = task.moved + count;
    return { ...task, moved, status: moved >= task.toMove ? 'COMPLETED' : 'RUNNING' };
  }

  #targetOf(task: MoveTask, message: Message): Queue | undefined {
    const arn = task.destination ?? message.source;
    return arn === undefined ? undefined : this.#account.queueByArn(arn);
  }

  #sourceOf(input: Input): Queue {
    const arn = optionalText(input, 'SourceArn');
    if (arn === undefined) throw missingParameter('SourceArn');
    const source = this.#account.queueByArn(arn);
    if (source === undefined) throw noSource();
    if (this.#account.sourcesOf(source).length === 0) {
      throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    }
    return source;
  }

  #runningFor(source: string): boolean {
    return [...this.#account.state.tasks.values()].some((task) => task.source === source && task.status === 'RUNNING');
  }
}

function failed(task: MoveTask, moved: number): MoveTask {
  return { ...task, moved: task.moved + moved, status: 'FAILED', failure: 'AWS.SimpleQueueService.NonExistentQueue' };
}

/** A moved message is a new one: with an id and a time of its own (SQS Developer Guide, dead-letter queue redrive). */
function movedChanges(account: SqsAccount, from: Queue, to: Queue, message: Message): SqsChange[] {
  const now = account.clock.now();
  const { source: _source, firstReceivedAt: _first, receivedAt: _received, ...rest } = message;
  const moved: Message = {
    ...rest,
    seq: takeSeq(to),
    id: randomUUID(),
    sentAt: now,
    visibleAt: now,
    inFlight: false,
    receiveCount: 0,
  };
  return [
    { op: 'delete', queue: from.name, seqs: [message.seq] },
    { op: 'put', queue: to.name, message: moved },
  ];
}

function readRate(input: Input): { perSecond?: number } {
  const perSecond = optionalNumber(input, 'MaxNumberOfMessagesPerSecond');
  if (perSecond === undefined) return {};
  if (!Number.isInteger(perSecond) || perSecond < 1 || perSecond > MAX_PER_SECOND) {
    throw invalidValue(perSecond, 'MaxNumberOfMessagesPerSecond', `Must be between 1 and ${MAX_PER_SECOND}.`);
  }
  return { perSecond };
}

/** Only a running task shows its handle (SQS API, ListMessageMoveTasksResultEntry). */
function taskOut(task: MoveTask, sourceArn: string): Record<string, unknown> {
  return {
    ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
    Status: task.status,
    SourceArn: sourceArn,
    ...(task.destination === undefined ? {} : { DestinationArn: task.destination }),
    ...(task.perSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: task.perSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure === undefined ? {} : { FailureReason: task.failure }),
    StartedTimestamp: task.startedAt,
  };
}

function noSource(): Error {
  return resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
}
