import {
  DescribeTasksCommand,
  type DescribeTasksCommandOutput,
  type ECSClient,
  ListTasksCommand,
  type ListTasksCommandInput,
  type ListTasksCommandOutput,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { type CallPace, UNPACED } from '../core/call-pace.ts';
import { classifyAnswer, classifyError, classifyRefusal } from '../core/classify-launch.ts';
import type { TaskObservation } from '../core/observation.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Intent } from '../core/run.ts';
import type { LaunchOutcome, ListedTask, Registration, TaskHost, Unlaunched } from '../core/task-host.ts';
import { callErrorOf, isAwsError } from './call-error.ts';
import type { EcsClients } from './create-ecs-client.ts';
import { observeTask } from './observe-task.ts';

/** API DescribeTasks. */
const MAX_DESCRIBED = 100;

/** Stopped tasks of a family are looked through so far, newest pages first as ECS gives them. */
const MAX_STOPPED_PAGES = 10;

/** ECS, with its answers in our words. */
export class EcsTaskHost implements TaskHost {
  readonly #ecs: ECSClient;
  readonly #launches: ECSClient;
  readonly #pace: CallPace;

  constructor({ calls, launches }: EcsClients, pace: CallPace = UNPACED) {
    this.#ecs = calls;
    this.#launches = launches;
    this.#pace = pace;
  }

  async register({ input }: Registration, stop: AbortSignal): Promise<Result<string, Unlaunched>> {
    if (!(await this.#pace.take('RegisterTaskDefinition', stop))) {
      stop.throwIfAborted();
      const message = 'More new task definitions wait to be registered than ECS takes at once.';
      return err({ kind: 'not-placed', reason: { code: 'THROTTLED', message }, needsLookUp: false });
    }
    try {
      const { taskDefinition } = await this.#ecs.send(new RegisterTaskDefinitionCommand(input), { abortSignal: stop });
      const arn = taskDefinition?.taskDefinitionArn;
      if (arn !== undefined) return ok(arn);
      const message = 'RegisterTaskDefinition answered without an ARN.';
      return err({ kind: 'unclear', reason: { code: 'LAUNCH_UNCLEAR', message }, needsLookUp: false });
    } catch (error) {
      if (stop.aborted) throw error;
      return err(classifyRefusal(callErrorOf(error)));
    }
  }

  async launch(intent: Intent, stop: AbortSignal): Promise<LaunchOutcome> {
    try {
      await this.#pace.take('RunTask', stop);
      return classifyAnswer(await this.#launches.send(new RunTaskCommand(intent.request), { abortSignal: stop }));
    } catch (error) {
      return classifyError(callErrorOf(error));
    }
  }

  async findTask(cluster: string, startedBy: string, family: string, stop: AbortSignal): Promise<string | undefined> {
    const { taskArns = [] } = await this.#list({ cluster, startedBy }, stop);
    return taskArns[0] ?? this.#findStopped(cluster, startedBy, family, stop);
  }

  async observe(
    cluster: string,
    taskArns: readonly string[],
    stop: AbortSignal,
  ): Promise<ReadonlyMap<string, TaskObservation>> {
    const seen = new Map<string, TaskObservation>();
    for (let i = 0; i < taskArns.length; i += MAX_DESCRIBED) {
      const answer = await this.#describe(cluster, taskArns.slice(i, i + MAX_DESCRIBED), stop);
      for (const [arn, observation] of observationsIn(answer)) seen.set(arn, observation);
    }
    return seen;
  }

  async *runningTasks(cluster: string, stop: AbortSignal): AsyncIterable<readonly ListedTask[]> {
    for await (const taskArns of this.#pages({ cluster }, stop)) {
      if (taskArns.length === 0) continue;
      const { tasks = [] } = await this.#describe(cluster, taskArns, stop);
      yield tasks.flatMap(listedTask);
    }
  }

  async stopTask(cluster: string, taskArn: string, reason: string, stop: AbortSignal): Promise<void> {
    try {
      await this.#pace.take('StopTask', stop);
      await this.#ecs.send(new StopTaskCommand({ cluster, task: taskArn, reason }), { abortSignal: stop });
    } catch (error) {
      // ECS forgets stopped tasks; one that it no longer knows needs no stopping.
      if (isAwsError(error, 'InvalidParameterException') && /not found/i.test(callErrorOf(error).message)) return;
      throw error;
    }
  }

  /** `startedBy` finds only tasks that are to run (API ListTasks), so stopped ones are looked for by family. */
  async #findStopped(
    cluster: string,
    startedBy: string,
    family: string,
    stop: AbortSignal,
  ): Promise<string | undefined> {
    let read = 0;
    for await (const taskArns of this.#pages({ cluster, family, desiredStatus: 'STOPPED' }, stop)) {
      const { tasks = [] } = taskArns.length === 0 ? {} : await this.#describe(cluster, taskArns, stop);
      const found = tasks.find((task) => task.startedBy === startedBy)?.taskArn;
      read += 1;
      if (found !== undefined || read === MAX_STOPPED_PAGES) return found;
    }
    return undefined;
  }

  async *#pages(filter: ListTasksCommandInput, stop: AbortSignal): AsyncIterable<readonly string[]> {
    let nextToken: string | undefined;
    do {
      const page = await this.#list({ ...filter, ...(nextToken === undefined ? {} : { nextToken }) }, stop);
      // ListTasks has been seen to name a task twice in one answer.
      yield [...new Set(page.taskArns)];
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }

  async #list(input: ListTasksCommandInput, stop: AbortSignal): Promise<ListTasksCommandOutput> {
    await this.#pace.take('ListTasks', stop);
    return this.#ecs.send(new ListTasksCommand(input), { abortSignal: stop });
  }

  async #describe(
    cluster: string,
    taskArns: readonly string[],
    stop: AbortSignal,
  ): Promise<DescribeTasksCommandOutput> {
    await this.#pace.take('DescribeTasks', stop);
    return this.#ecs.send(new DescribeTasksCommand({ cluster, tasks: [...taskArns] }), { abortSignal: stop });
  }
}

/** Tasks that the answer does not speak of are left out: nothing is known of them. */
function observationsIn({ tasks = [], failures = [] }: DescribeTasksCommandOutput): [string, TaskObservation][] {
  const known = tasks.flatMap((task): [string, TaskObservation][] => {
    const observation = observeTask(task);
    return observation === undefined ? [] : [[observation.task.taskArn, observation]];
  });
  const missing = failures.flatMap(({ arn, reason }): [string, TaskObservation][] =>
    arn !== undefined && reason === 'MISSING' ? [[arn, { kind: 'missing' }]] : [],
  );
  return [...known, ...missing];
}

function listedTask({ taskArn, startedBy, createdAt, overrides }: Task): ListedTask[] {
  if (taskArn === undefined) return [];
  const variables = (overrides?.containerOverrides ?? []).flatMap(({ environment = [] }) => environment);
  const table = variables.find(({ name }) => name === 'SLIPWAY_TABLE')?.value;
  return [
    {
      taskArn,
      ...(table === undefined ? {} : { table }),
      ...(startedBy === undefined ? {} : { startedBy }),
      ...(createdAt === undefined ? {} : { createdAt: createdAt.getTime() }),
    },
  ];
}
