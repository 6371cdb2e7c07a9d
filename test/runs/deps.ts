import type { LaunchPlan } from '../../src/core/launch-plan.ts';
import { ok } from '../../src/core/result.ts';
import type { QueuedRun } from '../../src/core/run.ts';
import { clientTokenOf, startedByOf } from '../../src/core/run-identity.ts';
import { DEFAULT_POLICY, type RunPolicy } from '../../src/core/run-policy.ts';
import { DefinitionRegistry } from '../../src/runs/definition-registry.ts';
import { LeakedSlots } from '../../src/runs/free-leaked-slots.ts';
import type { LaunchDeps } from '../../src/runs/launch-run.ts';
import { createStop } from '../../src/service/create-stop.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryDefinitionStore } from '../fakes/memory-definition-store.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { MemoryTaskHost } from '../fakes/memory-task-host.ts';

export const stop = createStop().signal;

/** The plan of a flow whose definition depends on nothing but the flow's name. */
export function planOf(run: QueuedRun, over: Partial<LaunchPlan> = {}): LaunchPlan {
  const { runId, attempt, placement } = run;
  const family = `slipway-${run.request.flow}`;
  return {
    definition: { kind: 'register', family, hash: `hash of ${family}`, input: { family, containerDefinitions: [] } },
    runTask: {
      cluster: 'main',
      clientToken: clientTokenOf({ cluster: 'main', runId, attempt, placement }),
      startedBy: startedByOf({ runId, attempt }),
    },
    container: 'flow',
    worker: false,
    uploads: [],
    ...over,
  };
}

/** Everything that launching needs, in memory. */
export function memoryDeps(policy: RunPolicy = DEFAULT_POLICY) {
  const clock = new ManualClock();
  const store = new MemoryRunStore();
  const host = new MemoryTaskHost();
  const files = new MemoryFileStore();
  const now = () => clock.now();
  const deps: LaunchDeps = {
    store,
    host,
    files,
    definitions: new DefinitionRegistry({ definitions: new MemoryDefinitionStore(), host, now }),
    planner: async (run) => ok({ plan: planOf(run), policy }),
    leakedSlots: new LeakedSlots({ store, now }),
    now,
    random: () => 0.5,
    by: 'agent-1',
    instance: 'instance-1',
    leaseMs: 45_000,
  };
  return { clock, store, host, files, deps };
}
