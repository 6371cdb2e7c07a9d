import { type Decision, decide, decidingTaskArn } from '../core/decide.ts';
import { nextFacts, touched } from '../core/next-facts.ts';
import type { TaskObservation } from '../core/observation.ts';
import type { FlowRun, RunningRun, StartingRun } from '../core/run.ts';
import type { WorkerSilence } from '../core/worker-silence.ts';
import { finishAttempt } from './finish-attempt.ts';
import type { SendDeps } from './send-launch.ts';

export interface ObserveDeps extends SendDeps {
  /** How silent the worker of a running task is, if anybody listens to it. */
  readonly silenceOf?: (run: WatchedRun) => WorkerSilence | undefined;
}

export type WatchedRun = StartingRun | RunningRun;

/**
 * Looks at the tasks of these runs, a hundred to a call, and does what that means. Resolves to the runs that changed.
 * A cluster that cannot be asked gives no verdicts: the trouble is told and its runs stay as they are; so does a run whose
 * change could not be written, whatever becomes of the others.
 */
export async function observeRuns(
  deps: ObserveDeps,
  runs: readonly WatchedRun[],
  onTrouble: (error: unknown) => void,
  stop: AbortSignal,
): Promise<readonly FlowRun[]> {
  const changed: FlowRun[] = [];
  for (const [cluster, ofCluster] of groupByCluster(runs)) {
    try {
      const seen = await deps.host.observe(cluster, ofCluster.map(decidingTaskArn), stop);
      changed.push(...(await applyAll(deps, ofCluster, seen, onTrouble, stop)));
    } catch (error) {
      onTrouble(error);
    }
  }
  return changed;
}

async function applyAll(
  deps: ObserveDeps,
  runs: readonly WatchedRun[],
  seen: ReadonlyMap<string, TaskObservation>,
  onTrouble: (error: unknown) => void,
  stop: AbortSignal,
): Promise<readonly FlowRun[]> {
  const moves = runs.map(async (run) => {
    const observation = seen.get(decidingTaskArn(run));
    return observation && apply(deps, run, decide(run, observation, deps.now(), deps.silenceOf?.(run)), stop);
  });
  const outcomes = await Promise.allSettled(moves);
  for (const outcome of outcomes) if (outcome.status === 'rejected') onTrouble(outcome.reason);
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' && outcome.value ? [outcome.value] : []));
}

async function apply(
  deps: SendDeps,
  run: WatchedRun,
  decision: Decision,
  stop: AbortSignal,
): Promise<FlowRun | undefined> {
  const now = deps.now();
  switch (decision.kind) {
    case 'keep':
      return undefined;
    case 'note':
      return deps.store.move(run, noted(run, decision, now, deps.by));
    case 'settle': {
      if (deps.maySettle?.(run, decision.seen, stop) === false) return undefined;
      const context = { now, by: deps.by, random: deps.random() };
      return deps.store.move(run, finishAttempt(run, decision.verdict, decision.seen, context));
    }
    case 'stop':
      return stopTask(deps, run, decision, stop);
    default:
      return decision satisfies never;
  }
}

function noted(
  run: WatchedRun,
  { task, runningSince }: Extract<Decision, { kind: 'note' }>,
  now: number,
  by: string,
): WatchedRun {
  if (runningSince === undefined || run.status === 'RUNNING') return { ...touched(run), task };
  return {
    ...nextFacts(run, 'RUNNING', now, by),
    status: 'RUNNING',
    intent: run.intent,
    task,
    startedAt: runningSince,
  };
}

/** The verdict is on record before ECS is asked, or the stop would look like somebody else's. */
async function stopTask(
  deps: SendDeps,
  run: WatchedRun,
  { verdict }: Extract<Decision, { kind: 'stop' }>,
  stop: AbortSignal,
): Promise<FlowRun | undefined> {
  const known = run.stopping !== undefined || run.cancel !== undefined;
  const stopping = known ? run : await deps.store.move(run, { ...touched(run), stopping: verdict });
  if (stopping === undefined) return undefined;
  await deps.host.stopTask(run.intent.request.cluster, decidingTaskArn(run), verdict.reason.message, stop);
  return known ? undefined : stopping;
}

function groupByCluster(runs: readonly WatchedRun[]): ReadonlyMap<string, WatchedRun[]> {
  const groups = new Map<string, WatchedRun[]>();
  for (const run of runs) {
    const { cluster } = run.intent.request;
    groups.set(cluster, [...(groups.get(cluster) ?? []), run]);
  }
  return groups;
}
