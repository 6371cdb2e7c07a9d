import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder that a task's containers run in; the same after a restart, so that what is left of it can be removed. */
export function workFolderOf(taskId: string): string {
  return join(tmpdir(), 'slipway-local-ecs', taskId);
}
