import { randomUUID } from 'node:crypto';
import { AwsError } from '../../service.ts';
import type { QueueSink } from '../../sqs/queue-sink.ts';
import type { Arns } from '../arns.ts';
import type { EcsFaults } from '../ecs-faults.ts';
import type { TaskRecord } from '../state/records.ts';
import { taskEventDetail } from './task-view.ts';

export interface EventFeedOptions {
  /** Where events go; undefined when nobody wants them. */
  readonly queueUrl: string | undefined;
  readonly queues: QueueSink;
  readonly region: string;
  readonly accountId: string;
  readonly arns: Arns;
  readonly faults: EcsFaults;
}

/** Sends `ECS Task State Change` events as EventBridge delivers them to a queue: at least once, in no certain order. */
export class EventFeed {
  readonly #options: EventFeedOptions;
  #heldBack: string[] = [];

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  publish(task: TaskRecord): void {
    if (this.#options.queueUrl === undefined) return;
    const fate = this.#options.faults.eventFate({ family: task.family, startedBy: task.startedBy });
    if (fate.isLost) return;
    const body = JSON.stringify(this.#eventOf(task));
    if (fate.isOvertaken) {
      this.#heldBack.push(body);
      return;
    }
    for (let copy = 0; copy <= fate.extraCopies; copy += 1) this.#send(body);
    this.release();
  }

  /** Sends what was held back so that later events could overtake it. */
  release(): void {
    const late = this.#heldBack;
    this.#heldBack = [];
    for (const body of late.reverse()) this.#send(body);
  }

  #eventOf(task: TaskRecord): unknown {
    const { region, accountId, arns } = this.#options;
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'ECS Task State Change',
      source: 'aws.ecs',
      account: accountId,
      time: new Date(task.updatedAt).toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources: [task.arn],
      detail: taskEventDetail(task, arns),
    };
  }

  /** A rule whose queue is not there drops its events; tasks do not suffer from it. */
  #send(body: string): void {
    try {
      this.#options.queues.send(this.#options.queueUrl ?? '', body);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }
}
