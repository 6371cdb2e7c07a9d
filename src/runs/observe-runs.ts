import { type Decision, decide, decidingTaskArn } from '../core/decide.ts';
import { nextFacts } from '../core/next-facts.ts';
import type { FlowRun, RunningRun, StartingRun } from '../core/run.ts';
import { finishAttempt } from './finish-attempt.ts';
import type { SendDeps } from './send-launch.ts';

export type WatchedRun = StartingRun | RunningRun;

/**
 * Looks at the tasks of these runs, a hundred to a call, and does what that means. Resolves to the runs that changed.
 * A cluster that cannot be asked gives no verdicts: the failure is reported and its runs stay as they are.
 */
export async function observeRuns(
  deps: SendDeps,
  runs: readonly WatchedRun[],
  onTrouble: (error: unknown) => void,
  stop: AbortSignal,
): Promise<readonly FlowRun[]> {
  const changed: FlowRun[] = [];
  for (const [cluster, ofCluster] of groupByCluster(runs)) {
    try {
      changed.push(...(await observeCluster(deps, cluster, ofCluster, stop)));
    } catch (error) {
      onTrouble(error);
    }
  }
  return changed;
}

async function observeCluster(
  deps: SendDeps,
  cluster: string,
  runs: readonly WatchedRun[],
  stop: AbortSignal,
): Promise<readonly FlowRun[]> {
  const seen = await deps.host.observe(cluster, runs.map(decidingTaskArn), stop);
  const moves = runs.map((run) => {
    const observation = seen.get(decidingTaskArn(run));
    return observation === undefined ? undefined : apply(deps, run, decide(run, observation, deps.now()), stop);
  });
  return (await Promise.all(moves)).filter((run) => run !== undefined);
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
  if (runningSince === undefined || run.status === 'RUNNING') return { ...run, version: run.version + 1, task };
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
  const stopping = known ? run : await deps.store.move(run, { ...run, version: run.version + 1, stopping: verdict });
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
