import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import type { EventQueue } from '../event-queue.ts';
import type { History } from '../history.ts';
import type { Process } from '../process.ts';
import { atOnce, type Call, type Wire } from '../wire.ts';
import { type EcsService, hashOfRequest } from './ecs-service.ts';

export interface EcsClientOptions {
  readonly wire: Wire;
  readonly queue: EventQueue;
  readonly history: History;
  readonly process: Process;
  readonly ecs: EcsService;
  /** For a mutant: what is sent instead. */
  readonly rewrite?: ((input: RunTaskCommandInput) => RunTaskCommandInput) | undefined;
}

/** What a process holds of ECS: the commands of `EcsTaskHost`, carried out by the cluster. */
export function ecsClient(options: EcsClientOptions): ECSClient {
  const { wire, process } = options;
  const send = (command: object, { abortSignal }: { abortSignal?: AbortSignal } = {}): Promise<object> =>
    wire.send(process, { service: 'ecs', stop: abortSignal, ...callOf(command, options) });
  return Object.assign(Object.create(ECSClient.prototype), { send });
}

function callOf(command: object, options: EcsClientOptions): Omit<Call<object>, 'service' | 'stop'> {
  const { ecs, process } = options;
  const by = process.name;
  if (command instanceof RunTaskCommand) return runTask(command.input, options);
  if (command instanceof DescribeTasksCommand) {
    return { name: 'DescribeTasks', isRead: true, execute: atOnce(() => ecs.describe(command.input)) };
  }
  if (command instanceof ListTasksCommand) {
    return { name: 'ListTasks', isRead: true, execute: atOnce(() => ecs.list(command.input)) };
  }
  if (command instanceof StopTaskCommand)
    return { name: 'StopTask', execute: atOnce(() => ecs.stop(by, command.input)) };
  if (command instanceof RegisterTaskDefinitionCommand) {
    return { name: 'RegisterTaskDefinition', execute: atOnce(() => ecs.register(by, command.input)) };
  }
  throw new Error(`the simulated ECS does not know ${command.constructor.name}`);
}

function runTask(asked: RunTaskCommandInput, options: EcsClientOptions): Omit<Call<object>, 'service' | 'stop'> {
  const { ecs, queue, history, process, rewrite } = options;
  const input = rewrite ? rewrite(asked) : asked;
  const { startedBy = '', clientToken: token = '' } = input;
  return {
    name: 'RunTask',
    // As `createLaunchClient` has it.
    maxTries: 1,
    onSend: () => {
      const clock = process.clock.now();
      history.add(process.name, { kind: 'launch-sent', startedBy, token, requestHash: hashOfRequest(input), clock });
    },
    execute: (reply, sentAt) => {
      const travelledMs = queue.now - sentAt;
      atOnce(() => ecs.runTask(process.name, input, { travelledMs }))(reply, sentAt);
    },
  };
}
