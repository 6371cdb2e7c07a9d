import type { Fault } from './fault.ts';
import type { Result } from './result.ts';

/** Where a task is in the network. */
export interface TaskNetwork {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

/** Tells the network of the task that this program runs in. */
export interface NetworkReader {
  /** The same object each time; a fault where the program is no task with a network of its own. Rejects when AWS cannot be asked. */
  read(): Promise<Result<TaskNetwork, Fault>>;
}
