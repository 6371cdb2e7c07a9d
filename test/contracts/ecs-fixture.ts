import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
  type Task,
  type TaskDefinition,
  waitUntilTasksStopped,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import type { ContractServer } from './local-server.ts';

/** An ECS to check, with a subnet and a security group that it knows. */
export interface EcsServer extends ContractServer {
  readonly subnet: string;
  readonly securityGroup: string;
}

/** Declares one case of the contract. */
export type Case = (title: string, run: () => Promise<void>) => void;

type DefinitionInput = Partial<RegisterTaskDefinitionCommandInput>;

const WAIT_SECONDS = 15;

/** The server under contract, with the calls that most cases begin with. Usable between `start` and `stop`. */
export class EcsFixture {
  #server: EcsServer | undefined;
  #client: ECSClient | undefined;
  #families = 0;

  async start(begin: () => Promise<EcsServer>): Promise<void> {
    const server = await begin();
    this.#server = server;
    this.#client = new ECSClient({
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    await this.client.send(new CreateClusterCommand({ clusterName: 'default' }));
  }

  async stop(): Promise<void> {
    this.#client?.destroy();
    await this.#server?.stop();
  }

  get client(): ECSClient {
    if (!this.#client) throw new Error('the fixture has not been started');
    return this.#client;
  }

  /** Registers a Fargate definition, of a new family unless one is given. */
  async register(
    more: DefinitionInput = {},
  ): Promise<TaskDefinition & { readonly arn: string; readonly family: string }> {
    this.#families += 1;
    const family = `contract-${this.#families}`;
    const { taskDefinition } = await this.client.send(
      new RegisterTaskDefinitionCommand({
        family,
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        ...shellOf('sleep 60'),
        ...more,
      }),
    );
    if (!taskDefinition?.taskDefinitionArn) throw new Error('RegisterTaskDefinition answered no definition');
    return { ...taskDefinition, arn: taskDefinition.taskDefinitionArn, family: taskDefinition.family ?? family };
  }

  runRequest(taskDefinition: string, more: Partial<RunTaskCommandInput> = {}): RunTaskCommandInput {
    const { subnet = '', securityGroup = '' } = this.#server ?? {};
    return {
      taskDefinition,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: [subnet], securityGroups: [securityGroup] } },
      ...more,
    };
  }

  async run(taskDefinition: string, more: Partial<RunTaskCommandInput> = {}): Promise<Task & { readonly arn: string }> {
    const { tasks: [task] = [] } = await this.client.send(new RunTaskCommand(this.runRequest(taskDefinition, more)));
    if (!task?.taskArn) throw new Error('RunTask answered no task');
    return { ...task, arn: task.taskArn };
  }

  async describeOne(arn: string, include: 'TAGS'[] = []): Promise<Task | undefined> {
    return (await this.client.send(new DescribeTasksCommand({ tasks: [arn], include }))).tasks?.[0];
  }

  /** Waits until the task has stopped, as the SDK waits. */
  async stopped(arn: string): Promise<Task> {
    const client = this.client;
    await waitUntilTasksStopped({ client, maxWaitTime: WAIT_SECONDS, minDelay: 1, maxDelay: 1 }, { tasks: [arn] });
    const task = await this.describeOne(arn);
    if (!task) throw new Error('the stopped task is missing');
    return task;
  }
}

/** A definition's only container, `main`, running a piece of shell. */
export function shellOf(script: string): Pick<RegisterTaskDefinitionCommandInput, 'containerDefinitions'> {
  return {
    containerDefinitions: [
      { name: 'main', image: 'alpine', memory: 256, command: ['/bin/sh', '-c', script], stopTimeout: 2 },
    ],
  };
}

/** Matches an exception of that name whose message contains the text or matches the pattern. */
export function refused(name: string, message: string | RegExp): unknown {
  const text = typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message);
  return expect.objectContaining({ name, message: text });
}
