import type { Task } from '@aws-sdk/client-ecs';
import type { EventQueue } from '../event-queue.ts';
import { Random } from '../random.ts';
import type { Scenario } from '../scenario.ts';
import type { QueueService } from './queue-service.ts';

const POISON = [
  '',
  'not json',
  '{"detail":7}',
  '{"detail":{"taskArn":"arn","startedBy":"slipway/unknown/1"}}',
] as const;

/** Longer than it usually takes, so that events overtake each other. */
const MAX_DELAY_MS = 40_000;

/** EventBridge's "ECS Task State Change" into a queue: late, twice, in any order, or not at all. */
export class EventBus {
  readonly #queue: EventQueue;
  readonly #target: QueueService;
  readonly #scenario: Scenario;
  readonly #random: Random;
  /** By task: what the event that came last says, which may be an old one. */
  readonly told = new Map<string, Task>();

  constructor(queue: EventQueue, target: QueueService, scenario: Scenario) {
    this.#queue = queue;
    this.#target = target;
    this.#scenario = scenario;
    this.#random = new Random(scenario.seed, 'events');
  }

  tell(task: Task): void {
    const { hasEvents, habits } = this.#scenario;
    if (!hasEvents || this.#random.chance(habits.lostEvents)) return;
    this.#deliver(bodyOf(task), () => this.told.set(task.taskArn ?? '', task));
    if (this.#random.chance(habits.duplicateDelivery)) this.#deliver(bodyOf(task));
    if (this.#random.chance(habits.poisonEvents)) this.#deliver(this.#random.pick(POISON));
  }

  #deliver(body: string, onArrival = (): void => {}): void {
    this.#queue.in(this.#random.magnitude(100, MAX_DELAY_MS), () => {
      onArrival();
      this.#target.send(body);
    });
  }
}

function bodyOf({ taskArn, startedBy, lastStatus, desiredStatus, version }: Task): string {
  const detail = { taskArn, startedBy, lastStatus, desiredStatus, version };
  return JSON.stringify({ 'detail-type': 'ECS Task State Change', source: 'aws.ecs', detail });
}
