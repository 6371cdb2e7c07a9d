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

  constructor(queue: EventQueue, target: QueueService, scenario: Scenario) {
    this.#queue = queue;
    this.#target = target;
    this.#scenario = scenario;
    this.#random = new Random(scenario.seed, 'events');
  }

  tell({ taskArn, startedBy, lastStatus, desiredStatus, version }: Task): void {
    const { hasEvents, habits } = this.#scenario;
    if (!hasEvents || this.#random.chance(habits.lostEvents)) return;
    const detail = { taskArn, startedBy, lastStatus, desiredStatus, version };
    this.#deliver(JSON.stringify({ 'detail-type': 'ECS Task State Change', source: 'aws.ecs', detail }));
    if (this.#random.chance(habits.poisonEvents)) this.#deliver(this.#random.pick(POISON));
  }

  #deliver(body: string): void {
    this.#queue.in(this.#random.magnitude(100, MAX_DELAY_MS), () => void this.#target.send(body));
  }
}
