import { z } from 'zod';
import { AwsError } from '../../service.ts';
import { invalidParameter } from '../ecs-errors.ts';
import { parseInput } from '../parse-input.ts';
import type { EcsStore } from '../state/ecs-store.ts';
import type { TaskRecord } from '../state/records.ts';
import { taskView } from './task-view.ts';

const MAX_DESCRIBED = 100;
const MAX_PAGE = 100;
const DESIRED: ReadonlySet<string> = new Set(['RUNNING', 'PENDING', 'STOPPED']);

const describeShape = z.object({
  cluster: z.string().optional(),
  tasks: z.array(z.string()).default([]),
  include: z.array(z.string()).default([]),
});

const listShape = z.object({
  cluster: z.string().optional(),
  containerInstance: z.string().optional(),
  family: z.string().optional(),
  startedBy: z.string().optional(),
  serviceName: z.string().optional(),
  daemonName: z.string().optional(),
  launchType: z.string().optional(),
  desiredStatus: z.string().default('RUNNING'),
  maxResults: z.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
  nextToken: z.string().optional(),
});

const stopShape = z.object({
  cluster: z.string().optional(),
  task: z.string().default(''),
  reason: z.string().optional(),
});
const executeShape = z.object({ cluster: z.string().optional(), task: z.string().default('') });

/** Sees the tasks of the store as callers do: not at once after RunTask, when a window is set. */
export class TaskOperations {
  readonly #store: EcsStore;
  readonly #missingWindowMs: number;
  readonly #stopTask: (arn: string, reason: string) => void;

  constructor(store: EcsStore, missingWindowMs: number, stopTask: (arn: string, reason: string) => void) {
    this.#store = store;
    this.#missingWindowMs = missingWindowMs;
    this.#stopTask = stopTask;
  }

  describe(input: unknown): unknown {
    const { cluster: reference, tasks, include } = parseInput(describeShape, input);
    if (tasks.length === 0) throw invalidParameter('Tasks cannot be empty.');
    if (tasks.length > MAX_DESCRIBED) throw invalidParameter(`Tasks can have at most ${MAX_DESCRIBED} items.`);
    const { name } = this.#store.requireCluster(reference);
    const arns = [...new Set(tasks.map((task) => this.#store.arns.taskOf(name, task)))];
    const found = arns.map((arn) => ({ arn, task: this.#visible(arn, name) }));
    const withTags = include.includes('TAGS');
    return {
      tasks: found.flatMap(({ task }) => (task ? [taskView(task, this.#store.arns, { withTags })] : [])),
      failures: found.flatMap(({ arn, task }) => (task ? [] : [{ arn, reason: 'MISSING' }])),
    };
  }

  /**
   * ListTasks: tasks that are wanted RUNNING unless another `desiredStatus` is asked for. `startedBy` goes with that and
   * the cluster only (API `ListTasks`).
   */
  list(input: unknown): unknown {
    const { startedBy, family, launchType, desiredStatus, maxResults, nextToken, ...given } = parseInput(
      listShape,
      input,
    );
    const { name } = this.#store.requireCluster(given.cluster);
    if (!DESIRED.has(desiredStatus))
      throw invalidParameter(`desiredStatus must be one of ${[...DESIRED].join(', ')}, not '${desiredStatus}'.`);
    const others = [given.containerInstance, given.serviceName, given.daemonName];
    if (startedBy !== undefined && [family, launchType, ...others].some((filter) => filter !== undefined)) {
      throw invalidParameter('When you specify startedBy as the filter, it must be the only filter that you use.');
    }
    if (others.some((filter) => filter !== undefined)) return { taskArns: [] };
    const after = Number(nextToken ?? 0);
    if (!Number.isSafeInteger(after) || after < 0) throw invalidParameter('Invalid token.');
    const page = this.#store.state.index.page(
      { cluster: name, desiredStatus, startedBy, family },
      after,
      maxResults,
      (arn) => {
        const task = this.#visible(arn, name);
        return task !== undefined && (launchType === undefined || task.launchType === launchType);
      },
    );
    return { taskArns: page.items, ...(page.next === undefined ? {} : { nextToken: String(page.next) }) };
  }

  /** StopTask deletes the task's tags (API `StopTask`); a task that has stopped already is told as it is. */
  stop(input: unknown): unknown {
    const { cluster: reference, task: given, reason } = parseInput(stopShape, input);
    const arn = this.#require(reference, given).arn;
    this.#store.noteTask(arn, { tags: [] });
    this.#stopTask(arn, reason ?? 'Task stopped by user');
    const stopped = this.#store.state.tasks.get(arn);
    return { task: stopped && taskView(stopped, this.#store.arns, { withTags: true }) };
  }

  /** Refused in so many words: there is no container to execute a command in. */
  executeCommand(input: unknown): never {
    const { cluster, task } = parseInput(executeShape, input);
    const { arn } = this.#require(cluster, task);
    throw new AwsError(
      'UnsupportedFeatureException',
      `Local ECS has no ECS Exec: the task ${arn} is a process of this machine. Look at its output in Logs, or attach to the process itself.`,
    );
  }

  #require(reference: string | undefined, given: string): TaskRecord {
    const { name } = this.#store.requireCluster(reference);
    if (given === '') throw invalidParameter('taskId can not be blank.');
    const arn = this.#store.arns.taskOf(name, given);
    const task = this.#store.findTask(arn);
    if (!task || task.cluster !== name) throw invalidParameter('The referenced task was not found.');
    return task;
  }

  #visible(arn: string, cluster: string): TaskRecord | undefined {
    const task = this.#store.findTask(arn);
    if (!task || task.cluster !== cluster) return undefined;
    return this.#store.now() < task.createdAt + this.#missingWindowMs ? undefined : task;
  }
}
