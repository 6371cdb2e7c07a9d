import {
  type ContainerDefinition,
  DescribeTasksCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
  type Task,
} from '@aws-sdk/client-ecs';
import { expect, vi } from 'vitest';
import { ON_FARGATE } from './start-ecs.ts';

/** A container that runs a piece of shell. */
export function shell(script: string, more: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return { name: 'main', image: 'alpine', command: ['/bin/sh', '-c', script], ...more };
}

/** Registers a Fargate definition of these containers; answers its ARN. */
export async function register(
  client: ECSClient,
  containers: readonly ContainerDefinition[],
  more: Partial<RegisterTaskDefinitionCommandInput> = {},
): Promise<string> {
  const { taskDefinition } = await client.send(
    new RegisterTaskDefinitionCommand({
      family: 'sample',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [...containers],
      ...more,
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? '';
}

export async function run(
  client: ECSClient,
  taskDefinition: string,
  more: Partial<RunTaskCommandInput> = {},
): Promise<Task> {
  const { tasks: [task] = [] } = await client.send(new RunTaskCommand({ ...ON_FARGATE, taskDefinition, ...more }));
  if (!task) throw new Error('RunTask started no task');
  return task;
}

export async function describeTask(client: ECSClient, { taskArn = '', clusterArn }: Task): Promise<Task | undefined> {
  const { tasks: [task] = [] } = await client.send(new DescribeTasksCommand({ cluster: clusterArn, tasks: [taskArn] }));
  return task;
}

/** Polls until the task is in that state. */
export async function reaches(client: ECSClient, task: Task, lastStatus: string): Promise<Task> {
  return await vi.waitFor(
    async () => {
      const seen = await describeTask(client, task);
      expect(seen?.lastStatus).toBe(lastStatus);
      if (!seen) throw new Error('the task is missing');
      return seen;
    },
    { timeout: 15_000, interval: 10 },
  );
}

/** Runs one container's script to its end. */
export async function runToEnd(
  client: ECSClient,
  containers: readonly ContainerDefinition[],
  more: Partial<RunTaskCommandInput> = {},
): Promise<Task> {
  const definition = await register(client, containers);
  return await reaches(client, await run(client, definition, more), 'STOPPED');
}
