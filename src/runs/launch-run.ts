import { cancelledVerdict } from '../core/cancelled-verdict.ts';
import { expiredVerdict } from '../core/expired-verdict.ts';
import { formatFault } from '../core/fault.ts';
import type { FileStore } from '../core/file-store.ts';
import type { LaunchPlan } from '../core/launch-plan.ts';
import { nextFacts, touched } from '../core/next-facts.ts';
import { notPlacedDelayMs } from '../core/not-placed-delay.ts';
import type { FlowRun, Intent, LaunchingRun, QueuedRun } from '../core/run.ts';
import { latenessOf } from '../core/start-limit.ts';
import type { TaskHost, Unlaunched } from '../core/task-host.ts';
import type { Verdict } from '../core/verdict.ts';
import { type ClaimDeps, claimRun } from './claim-run.ts';
import type { DefinitionRegistry } from './definition-registry.ts';
import { finishQueued } from './finish-attempt.ts';
import { type PlannedLaunch, type Planner, withQueueTimeout } from './plan.ts';
import { sendLaunch } from './send-launch.ts';

export interface LaunchDeps extends ClaimDeps {
  readonly definitions: DefinitionRegistry;
  readonly host: TaskHost;
  readonly files: FileStore;
  readonly planner: Planner;
  readonly now: () => number;
  readonly random: () => number;
  /** The agent's name, in leases and in the run's history. */
  readonly by: string;
  /** Of this process of the agent. */
  readonly instance: string;
  readonly leaseMs: number;
}

/**
 * Takes one queued run as far as it will go now: resolve, render, claim, launch, record. Resolves to `not-ours` when
 * its labels want another agent, and to undefined when somebody else has moved it meanwhile.
 */
export async function launchRun(
  deps: LaunchDeps,
  run: QueuedRun,
  stop: AbortSignal,
): Promise<FlowRun | 'not-ours' | undefined> {
  if (run.cancel) return finish(deps, run, cancelledVerdict(run.cancel));
  // What its producer says holds whoever can plan it.
  const tooLate = latenessOf(withQueueTimeout(run, {}), deps.now());
  if (tooLate !== undefined) return finish(deps, run, expiredVerdict(tooLate));
  const planned = await deps.planner(run);
  if (planned === 'not-ours') return planned;
  if (!planned.ok) {
    const { code, faults } = planned.error;
    const reason = { code, message: faults.map(formatFault).join('; ') };
    return finish(deps, run, { status: 'FAILED', reason, retry: 'never' });
  }
  const lateness = latenessOf(withQueueTimeout(run, planned.value), deps.now());
  if (lateness !== undefined) return finish(deps, run, expiredVerdict(lateness));
  return launchPlanned(deps, run, planned.value, stop);
}

async function launchPlanned(
  deps: LaunchDeps,
  run: QueuedRun,
  planned: PlannedLaunch,
  stop: AbortSignal,
): Promise<FlowRun | undefined> {
  const { plan, policy, flowVersion, adjusted, slots = [] } = planned;
  // Files and the definition come first, so that the claim can freeze the whole request; both are harmless to repeat.
  for (const { uri, body, contentType } of plan.uploads) await deps.files.put(uri, body, { contentType });
  const definition = await deps.definitions.resolve(plan.definition, stop);
  if (!definition.ok) return postpone(deps, run, definition.error);
  const now = deps.now();
  const intent: Intent = {
    ...(flowVersion === undefined ? {} : { flowVersion }),
    request: { ...plan.runTask, taskDefinition: definition.value.taskDefinition },
    ...(plan.definition.kind === 'register' ? { definitionHash: plan.definition.hash } : {}),
    container: plan.container,
    worker: plan.worker,
    policy,
    ...(adjusted === undefined ? {} : { adjusted }),
    ...(slots.length === 0 ? {} : { slots }),
    ...(plan.pipes === undefined ? {} : { pipes: plan.pipes }),
    ...secretNamesOf(plan),
    createdAt: now,
  };
  const launching: LaunchingRun = {
    ...nextFacts(run, 'LAUNCHING', now, deps.by, { note: adjusted }),
    status: 'LAUNCHING',
    placement: run.placement,
    lease: { owner: deps.by, instance: deps.instance, epoch: 1, until: now + deps.leaseMs },
    intent,
  };
  // From here on a crash leaves a plan and a token that any agent can repeat.
  const claimed = await claimRun(deps, run, launching, planned);
  return claimed?.status === 'LAUNCHING' ? sendLaunch(deps, claimed, stop) : claimed;
}

/** Of a definition that is not ours to make, nothing is known. */
function secretNamesOf({ definition, container }: LaunchPlan): Pick<Intent, 'secretNames'> {
  if (definition.kind === 'named') return {};
  const { secrets = [] } = definition.input.containerDefinitions?.find(({ name }) => name === container) ?? {};
  const secretNames = secrets.map(({ name = '' }) => name);
  return secretNames.length === 0 ? {} : { secretNames };
}

/** The definition could not be registered: nothing is claimed yet, so the run fails or waits as it stands. */
function postpone(deps: LaunchDeps, run: QueuedRun, { kind, reason }: Unlaunched): Promise<FlowRun | undefined> {
  if (kind === 'refused') return finish(deps, run, { status: 'FAILED', reason, retry: 'never' });
  const now = deps.now();
  return deps.store.move(run, {
    ...touched(run),
    notBefore: now + notPlacedDelayMs(reason.code, run.placement, deps.random()),
    waiting: reason,
  });
}

function finish(deps: LaunchDeps, run: QueuedRun, verdict: Verdict): Promise<FlowRun | undefined> {
  return deps.store.move(run, finishQueued(run, verdict, deps.now(), deps.by));
}
