import { createHash } from 'node:crypto';
import type {
  DescribeTasksCommandInput,
  ListTasksCommandInput,
  RegisterTaskDefinitionCommandInput,
  RunTaskCommandInput,
  StopTaskCommandInput,
  Task,
} from '@aws-sdk/client-ecs';
import { awsError } from '../aws-error.ts';
import { Random } from '../random.ts';
import { QUIET, type ServiceHabits } from '../scenario.ts';
import { SimulatedTask, type TaskContext } from './task.ts';
import { drawBehaviour, type TaskBehaviour } from './task-behaviour.ts';

const HOUR_MS = 3_600_000;
const PAGE = 100;

interface Launch {
  readonly task: SimulatedTask | undefined;
  readonly failures: readonly { readonly reason: string }[];
}

interface TokenEntry extends Launch {
  readonly requestHash: string;
  readonly usedAt: number;
}

export interface EcsOptions extends TaskContext {
  readonly seed: number;
  readonly habits: ServiceHabits;
  /** What a scenario fixes of the tasks of this `startedBy`. */
  readonly fixed: (startedBy: string) => Partial<TaskBehaviour>;
}

/** Where a RunTask request was for how long, before ECS carried it out. */
export interface Travelled {
  readonly travelledMs: number;
}

/** One cluster of ECS: tokens (ECS_Idempotency), failures, eventual consistency (API RunTask), and tasks that live. */
export class EcsService {
  readonly #options: EcsOptions;
  readonly #random: Random;
  readonly #tokens = new Map<string, TokenEntry>();
  readonly #tasks = new Map<string, SimulatedTask>();
  readonly #revisions = new Map<string, number>();
  #habits: ServiceHabits;

  constructor(options: EcsOptions) {
    this.#options = options;
    this.#habits = options.habits;
    this.#random = new Random(options.seed, 'ecs');
  }

  /** From now on ECS has capacity, and starts what it is told to start. */
  quieten(): void {
    this.#habits = { ...QUIET, invisibleMs: this.#habits.invisibleMs, flowFails: this.#habits.flowFails };
  }

  get tasks(): readonly SimulatedTask[] {
    return [...this.#tasks.values()];
  }

  register(by: string, { family = '' }: RegisterTaskDefinitionCommandInput): object {
    const revision = (this.#revisions.get(family) ?? 0) + 1;
    this.#revisions.set(family, revision);
    const arn = `arn:aws:ecs:us-east-1:123456789012:task-definition/${family}:${revision}`;
    this.#options.history.add(by, { kind: 'registered', arn });
    return { taskDefinition: { taskDefinitionArn: arn } };
  }

  runTask(by: string, input: RunTaskCommandInput, travelled: Travelled): object {
    const token = `${input.cluster} ${input.clientToken}`;
    const requestHash = hashOfRequest(input);
    const known = this.#tokens.get(token);
    if (known && this.#isAlive(known)) return replay(known, requestHash);
    const launch = this.#launch(by, input, travelled);
    if (launch.task !== undefined || this.#habits.failuresUseUpToken) {
      this.#tokens.set(token, { requestHash, usedAt: this.#options.queue.now, ...launch });
    }
    return answerOf(launch);
  }

  describe({ tasks = [] }: DescribeTasksCommandInput): object {
    const found: Task[] = [];
    const failures: object[] = [];
    for (const arn of tasks) {
      const task = this.#tasks.get(arn);
      if (task && this.#isVisible(task)) found.push(task.describe(this.#random.chance(this.#habits.staleDescribe)));
      else failures.push({ arn, reason: 'MISSING' });
    }
    return { tasks: found, failures };
  }

  /** `startedBy` finds only tasks that are to run; stopped ones are listed by family for an hour (API ListTasks). */
  list({ startedBy, family, desiredStatus = 'RUNNING', nextToken }: ListTasksCommandInput): object {
    const wanted = this.tasks.filter(
      (task) =>
        this.#isVisible(task) &&
        task.isWanted === (desiredStatus === 'RUNNING') &&
        (startedBy === undefined || task.facts.startedBy === startedBy) &&
        (family === undefined || task.facts.family === family),
    );
    const start = Number(nextToken ?? 0);
    const taskArns = wanted.slice(start, start + PAGE).map(({ facts }) => facts.taskArn);
    return start + PAGE < wanted.length ? { taskArns, nextToken: String(start + PAGE) } : { taskArns };
  }

  stop(by: string, { task: taskArn = '', reason = '' }: StopTaskCommandInput): object {
    const task = this.#tasks.get(taskArn);
    this.#options.history.add(by, { kind: 'stop-asked', taskArn, reason });
    if (!task || !this.#isKnown(task))
      throw awsError('InvalidParameterException', 'The referenced task was not found.', 400);
    task.stop('UserInitiated', reason);
    return { task: task.describe(false) };
  }

  /** Without capacity there is a failure, and once in a while a task all the same (apache/airflow#16150). */
  #launch(by: string, input: RunTaskCommandInput, { travelledMs }: Travelled): Launch {
    if (!this.#random.chance(this.#habits.noCapacity)) {
      return { task: this.#make(by, input, { travelledMs, besideFailure: false }), failures: [] };
    }
    const failures = [{ reason: this.#lackOfCapacity() }];
    const isStarted = this.#random.chance(this.#habits.startsBesideFailure);
    const task = isStarted ? this.#make(by, input, { travelledMs, besideFailure: true }) : undefined;
    return { task, failures };
  }

  #make(
    by: string,
    input: RunTaskCommandInput,
    launch: { travelledMs: number; besideFailure: boolean },
  ): SimulatedTask {
    const { seed, history, fixed } = this.#options;
    const startedBy = input.startedBy ?? '';
    const taskArn = `arn:aws:ecs:us-east-1:123456789012:task/${input.cluster}/${String(this.#tasks.size + 1).padStart(6, '0')}`;
    const family = /task-definition\/([^:]+)/.exec(input.taskDefinition ?? '')?.[1] ?? '';
    const drawn = drawBehaviour(this.#habits, seed, 'task', startedBy, input.clientToken ?? '');
    const { overrides } = input;
    const facts = { taskArn, cluster: input.cluster ?? '', family, startedBy, container: 'flow', overrides };
    const task = new SimulatedTask(facts, { ...drawn, ...fixed(startedBy) }, this.#options);
    this.#tasks.set(taskArn, task);
    const shownAt = task.createdAt + task.behaviour.invisibleMs;
    history.add(by, { kind: 'task-made', startedBy, token: input.clientToken ?? '', taskArn, shownAt, ...launch });
    return task;
  }

  #lackOfCapacity(): string {
    return this.#random.pick([
      'Capacity is unavailable at this time. Please try again later or in a different availability zone',
      'RESOURCE:ENI',
      'words that nobody has seen before',
    ]);
  }

  /** A token lives for the life of its task and an hour more, a day at most (ECS_Idempotency). */
  #isAlive({ usedAt, task }: TokenEntry): boolean {
    const { now } = this.#options.queue;
    const endsAt = task?.stoppedAt ?? (task === undefined ? usedAt : Number.POSITIVE_INFINITY);
    return now < Math.min(usedAt + 24 * HOUR_MS, endsAt + HOUR_MS);
  }

  #isKnown({ stoppedAt }: SimulatedTask): boolean {
    return stoppedAt === undefined || this.#options.queue.now - stoppedAt < HOUR_MS;
  }

  #isVisible(task: SimulatedTask): boolean {
    return this.#isKnown(task) && this.#options.queue.now - task.createdAt >= task.behaviour.invisibleMs;
  }
}

function replay(entry: TokenEntry, requestHash: string): object {
  if (entry.requestHash === requestHash) return answerOf(entry);
  const error = awsError('ConflictException', 'The client token was used with other parameters.', 409);
  throw Object.assign(error, { resourceIds: entry.task ? [entry.task.facts.taskArn] : [] });
}

function answerOf({ task, failures }: Launch): object {
  return { tasks: task && failures.length === 0 ? [task.describe(false)] : [], failures };
}

/** Of everything that a RunTask request says, its token included, as it is sent. */
export function hashOfRequest(input: RunTaskCommandInput): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 16);
}
