import type { Journal } from '../journal.ts';
import { type Input, optionalText } from '../read-input.ts';
import type { LocalClock } from '../service.ts';
import { LongPolls } from './long-polls.ts';
import type { Queue } from './queue.ts';
import type { SqsChange, SqsState } from './queue-changes.ts';
import { missingParameter, queueDoesNotExist } from './sqs-errors.ts';

export interface SqsAccountOptions {
  readonly journal: Journal<SqsState, SqsChange>;
  readonly clock: LocalClock;
  readonly region: string;
  readonly accountId: string;
}

/** The queues of one account with what every operation needs to find and change them. */
export class SqsAccount {
  readonly clock: LocalClock;
  readonly polls: LongPolls;
  readonly accountId: string;
  readonly #journal: Journal<SqsState, SqsChange>;
  readonly #arnPrefix: string;

  constructor(options: SqsAccountOptions) {
    this.clock = options.clock;
    this.polls = new LongPolls(options.clock);
    this.accountId = options.accountId;
    this.#journal = options.journal;
    this.#arnPrefix = `arn:aws:sqs:${options.region}:${options.accountId}:`;
  }

  get state(): SqsState {
    return this.#journal.state;
  }

  change(...changes: readonly SqsChange[]): void {
    this.#journal.change(...changes);
  }

  /** The queue that a call's `QueueUrl` names, by whatever host; only the last part of the path counts. */
  queueOf(input: Input): Queue {
    const url = optionalText(input, 'QueueUrl');
    if (url === undefined || url === '') throw missingParameter('QueueUrl');
    return this.queueNamed(url.slice(url.lastIndexOf('/') + 1));
  }

  queueNamed(name: string): Queue {
    const queue = this.state.queues.get(name);
    if (queue === undefined) throw queueDoesNotExist();
    queue.tick(this.clock.now());
    return queue;
  }

  queueByArn(arn: string): Queue | undefined {
    if (!arn.startsWith(this.#arnPrefix)) return undefined;
    return this.state.queues.get(arn.slice(this.#arnPrefix.length));
  }

  arnOf(queue: Queue): string {
    return this.#arnPrefix + queue.name;
  }

  urlOf(queue: Queue, endpoint: string): string {
    return `${endpoint}/${this.accountId}/${queue.name}`;
  }

  /** The queues whose redrive policy names this one. */
  sourcesOf(deadLetters: Queue): Queue[] {
    const arn = this.arnOf(deadLetters);
    return [...this.state.queues.values()].filter((queue) => queue.redrive?.deadLetterTargetArn === arn);
  }
}
