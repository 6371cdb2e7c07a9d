import type { Container, Task } from '@aws-sdk/client-ecs';
import type { ObservedContainer, ObservedTask, TaskObservation } from '../core/observation.ts';

/** A task as DescribeTasks gives it, in our words; undefined if it has no ARN. */
export function observeTask(task: Task): Exclude<TaskObservation, { kind: 'missing' }> | undefined {
  const { taskArn, lastStatus } = task;
  if (taskArn === undefined) return undefined;
  const observed: ObservedTask = dropUndefined({
    taskArn,
    version: task.version,
    lastStatus: lastStatus ?? 'UNKNOWN',
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    containers: (task.containers ?? []).map(observeContainer),
    createdAt: task.createdAt?.getTime(),
    connectivityAt: task.connectivityAt?.getTime(),
    pullStartedAt: task.pullStartedAt?.getTime(),
    pullStoppedAt: task.pullStoppedAt?.getTime(),
    startedAt: task.startedAt?.getTime(),
    stoppingAt: task.stoppingAt?.getTime(),
    stoppedAt: task.stoppedAt?.getTime(),
    cpu: sizeOf(task.cpu),
    memory: sizeOf(task.memory),
    ephemeralStorage: task.ephemeralStorage?.sizeInGiB,
    architecture: task.attributes?.find(({ name }) => name === 'ecs.cpu-architecture')?.value,
    launchType: task.launchType,
    capacityProvider: task.capacityProviderName,
  });
  return { kind: lastStatus === 'STOPPED' || lastStatus === 'DELETED' ? 'stopped' : 'active', task: observed };
}

/** Text in the API; a task on EC2 without a size of its own has none, or 0. */
function sizeOf(text: string | undefined): number | undefined {
  const size = Number(text);
  return size > 0 ? size : undefined;
}

function observeContainer({ name, exitCode, reason }: Container): ObservedContainer {
  return dropUndefined({ name: name ?? '', exitCode, reason });
}

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

function dropUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
