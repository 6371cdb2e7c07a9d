import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { RequestQueue } from '../../src/core/request-queue.ts';
import type { RunStore } from '../../src/core/run-store.ts';
import type { TaskHost } from '../../src/core/task-host.ts';
import type { Clock } from '../../src/service/clock.ts';
import type { Surroundings } from './surroundings.ts';

/** A world in which one defence is switched off, at a seam between our programs and the services. */
export interface Mutant {
  readonly name: string;
  readonly table?: { readonly ignores?: 'versions' | 'limits'; readonly hidesNonces?: boolean };
  readonly rewriteRunTask?: (input: RunTaskCommandInput) => RunTaskCommandInput;
  /** Of agents only. */
  readonly wrapStore?: (store: RunStore, clock: Clock) => RunStore;
  readonly wrapHost?: (host: TaskHost, told: Surroundings['told']) => TaskHost;
  readonly wrapQueue?: (queue: RequestQueue) => RequestQueue;
  /** User code runs also where the claim was refused. */
  readonly ignoresRefusals?: boolean;
  /** An exit code of 0 is taken for success, whatever the worker has put on record. */
  readonly needsNoRecord?: boolean;
}

export const NO_MUTANT: Mutant = { name: 'none' };
