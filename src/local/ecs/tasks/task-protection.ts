import { z } from 'zod';
import { parseInput } from '../parse-input.ts';
import type { EcsStore } from '../state/ecs-store.ts';

const shape = z.object({ cluster: z.string().optional(), tasks: z.array(z.string()).default([]) });

/**
 * GetTaskProtection and UpdateTaskProtection: only tasks of services can be protected from scaling in, and local ECS has
 * no services, so every task that exists is told as `TASK_NOT_VALID` (API `UpdateTaskProtection`).
 */
export function taskProtection(store: EcsStore, input: unknown): unknown {
  const { cluster: reference, tasks } = parseInput(shape, input);
  const { name } = store.requireCluster(reference);
  const arns = tasks.map((task) => store.arns.taskOf(name, task));
  const failures = arns.map((arn) => ({ arn, reason: store.findTask(arn) ? 'TASK_NOT_VALID' : 'MISSING' }));
  return { protectedTasks: [], failures };
}
