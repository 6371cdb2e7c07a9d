import { expiredVerdict } from '../core/expired-verdict.ts';
import { touched } from '../core/next-facts.ts';
import type { FlowRun, QueuedRun } from '../core/run.ts';
import type { RunStore } from '../core/run-store.ts';
import { latenessOf } from '../core/start-limit.ts';
import { finishQueued } from './finish-attempt.ts';
import { type Planner, withQueueTimeout } from './plan.ts';

export interface EndLateDeps {
  readonly store: RunStore;
  readonly planner: Planner;
  readonly now: () => number;
  /** The agent's name. */
  readonly by: string;
}

/**
 * Ends a queued run that is too late to be launched, whatever it waits for. The flow's file may allow more by now than when
 * the run was accepted: then that is put on record. Resolves to undefined when somebody else has moved it meanwhile.
 */
export async function endLateRun(deps: EndLateDeps, run: QueuedRun): Promise<FlowRun | undefined> {
  const { store, planner, now, by } = deps;
  const planned = run.queueTimeoutMs === undefined ? 'not-ours' : await planner(run);
  // Without its flow's file, what was known of it holds.
  const told = planned !== 'not-ours' && planned.ok ? withQueueTimeout(run, planned.value) : run;
  const why = latenessOf(told, now());
  return store.move(run, why === undefined ? touched(told) : finishQueued(run, expiredVerdict(why), now(), by));
}
