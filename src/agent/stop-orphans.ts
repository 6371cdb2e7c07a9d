import { decidingTaskArn } from '../core/decide.ts';
import { NewerRecord } from '../core/newer-record.ts';
import { type FlowRun, isFinished } from '../core/run.ts';
import { parseStartedBy } from '../core/run-identity.ts';
import type { RunStore } from '../core/run-store.ts';
import type { ListedTask, TaskHost } from '../core/task-host.ts';
import type { WatchedRun } from '../runs/observe-runs.ts';
import type { Clock } from '../service/clock.ts';
import { describeError, type Log } from '../service/log.ts';

export interface StopOrphansOptions {
  readonly store: RunStore;
  readonly host: TaskHost;
  /** Of the runs on record: tasks of another table are somebody else's. */
  readonly table: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** A task younger than this may belong to a launch that is not on record yet. */
const MIN_AGE_MS = 2 * 60_000;

/** Stops tasks that carry our name and that no live run owns: twins, late arrivals, leftovers of runs that have ended. */
export class OrphanStopper {
  readonly #options: StopOrphansOptions;

  constructor(options: StopOrphansOptions) {
    this.#options = options;
  }

  /** Looks once at every task that runs in the cluster; resolves to how many it has stopped. */
  async sweep(cluster: string, stop: AbortSignal): Promise<number> {
    let stopped = 0;
    for await (const tasks of this.#options.host.runningTasks(cluster, stop)) {
      stopped += await this.#check(cluster, tasks, stop);
    }
    return stopped;
  }

  async #check(cluster: string, tasks: readonly ListedTask[], stop: AbortSignal): Promise<number> {
    const { store, clock, table } = this.#options;
    const ours = tasks.filter((task) => task.table === table && isOld(task, clock.now()));
    if (ours.length === 0) return 0;
    const ids = [...new Set(ours.flatMap(({ startedBy }) => parseStartedBy(startedBy)?.runId ?? []))];
    const runs = new Map((await store.getMany(ids)).map((run) => [run.runId, run]));
    let stopped = 0;
    for (const task of ours) {
      const why = whyOrphan(task, runs);
      if (why === undefined || (await this.#isNewer(task))) continue;
      if (await this.#stop(cluster, task, why, stop)) stopped += 1;
    }
    return stopped;
  }

  /** Whether the task's run is on record for a later version only: its tasks are no orphans. */
  async #isNewer({ startedBy }: ListedTask): Promise<boolean> {
    const owner = parseStartedBy(startedBy);
    if (owner === undefined) return false;
    try {
      await this.#options.store.get(owner.runId);
      return false;
    } catch (error) {
      if (error instanceof NewerRecord) return true;
      throw error;
    }
  }

  async #stop(cluster: string, task: ListedTask, why: string, stop: AbortSignal): Promise<boolean> {
    const { host, log } = this.#options;
    const facts = { taskArn: task.taskArn, evidence: why };
    try {
      await host.stopTask(cluster, task.taskArn, `orphan: ${why}`, stop);
      log.warn('task.orphan-stopped', facts);
      return true;
    } catch (error) {
      log.warn('task.orphan-not-stopped', { ...facts, error: describeError(error) });
      return false;
    }
  }
}

function isOld({ createdAt }: ListedTask, now: number): boolean {
  return createdAt !== undefined && now - createdAt >= MIN_AGE_MS;
}

/** Why no live run owns the task; undefined if one does, or may. */
function whyOrphan({ taskArn, startedBy }: ListedTask, runs: ReadonlyMap<string, FlowRun>): string | undefined {
  const owner = parseStartedBy(startedBy);
  if (owner === undefined) return undefined;
  const run = runs.get(owner.runId);
  if (run === undefined) return `there is no run ${owner.runId}`;
  if (isFinished(run)) return `run ${owner.runId} is ${run.status}`;
  if (run.attempt !== owner.attempt) return `run ${owner.runId} is at attempt ${run.attempt}, not ${owner.attempt}`;
  return isTaken(run) && decidingTaskArn(run) !== taskArn
    ? `another task has attempt ${owner.attempt} of run ${owner.runId}`
    : undefined;
}

/** Of two tasks of a worker flow, either may still claim the attempt until one has. */
function isTaken(run: FlowRun): run is WatchedRun {
  return run.status === 'RUNNING' || (run.status === 'STARTING' && !run.intent.worker);
}
