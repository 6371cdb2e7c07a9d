import type { EcsStore } from '../state/ecs-store.ts';
import type { ContainerRecord, TaskRecord } from '../state/records.ts';
import { isAlive, processesOfTask, signal } from './process-identity.ts';
import type { WorkFolders } from './work-folders.ts';

const REASON =
  'Local ECS stopped while the task was running, as if its host had been lost; what was left of the task was ended at the next start.';

/** Whether a task that an earlier local ECS left behind can simply go on, because none of its processes was started. */
export function canGoOn({ lastStatus, desiredStatus }: TaskRecord): boolean {
  return desiredStatus === 'RUNNING' && (lastStatus === 'PROVISIONING' || lastStatus === 'PENDING');
}

/** Ends what an earlier local ECS left of a task and makes the task STOPPED, so that nobody waits for it for ever. */
export function endOrphan(store: EcsStore, workFolders: WorkFolders, task: TaskRecord): void {
  for (const { process: mark } of task.containers) if (mark && isAlive(mark)) signal(-mark.pid, 'SIGKILL');
  for (const pid of processesOfTask(task.id)) signal(pid, 'SIGKILL');
  workFolders.remove(task.id);
  const now = store.now();
  store.updateTask(task.arn, {
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stopCode: task.stopCode ?? 'InfrastructureHealth',
    stoppedReason: task.stoppedReason ?? REASON,
    stoppingAt: task.stoppingAt ?? now,
    executionStoppedAt: task.executionStoppedAt ?? now,
    stoppedAt: now,
    containers: task.containers.map((container): ContainerRecord => ({ ...container, lastStatus: 'STOPPED' })),
  });
}
