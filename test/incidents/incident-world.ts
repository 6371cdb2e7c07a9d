import { DEFAULT_PACE } from '../../src/agent/agent-pace.ts';
import { RunWatcher } from '../../src/agent/watch-runs.ts';
import type { ObservedTask } from '../../src/core/observation.ts';
import type { FlowRun, LaunchingRun, QueuedRun } from '../../src/core/run.ts';
import { DEFAULT_POLICY, type RunPolicy } from '../../src/core/run-policy.ts';
import { type LaunchDeps, launchRun } from '../../src/runs/launch-run.ts';
import { recoverLaunch } from '../../src/runs/recover-launch.ts';
import { silentLog } from '../../src/service/log.ts';
import { ALL_SHARDS } from '../fakes/all-shards.ts';
import { queuedRun } from '../fakes/runs.ts';
import { memoryDeps, stop } from '../runs/deps.ts';

/** The real use cases over ports in memory, for one incident: its agents come, go, and look when a test says so. */
export class IncidentWorld {
  readonly clock;
  readonly store;
  readonly host;
  readonly deps: LaunchDeps;
  /** Told by watchers. */
  readonly queuedAgain: FlowRun[] = [];

  constructor(over: Partial<RunPolicy> = {}) {
    const { clock, store, host, deps } = memoryDeps({ ...DEFAULT_POLICY, ...over });
    this.clock = clock;
    this.store = store;
    this.host = host;
    this.deps = deps;
  }

  /** Of another agent, or of a new process of the same one. */
  depsOf(by: string, instance = `${by} now`): LaunchDeps {
    return { ...this.deps, by, instance };
  }

  async accept(over: Partial<QueuedRun> = {}): Promise<QueuedRun> {
    const { run } = await this.store.accept(queuedRun(over));
    if (run.status !== 'QUEUED') throw new Error(`run ${run.runId} is ${run.status}`);
    return run;
  }

  async launch(run?: FlowRun, deps: LaunchDeps = this.deps): Promise<FlowRun | undefined> {
    const queued = run ?? (await this.accept());
    if (queued.status !== 'QUEUED') throw new Error(`run ${queued.runId} is ${queued.status}`);
    const next = await launchRun(deps, queued, stop);
    return next === 'not-ours' ? undefined : next;
  }

  /** Lets pass what a launch without a place has to wait, and looks for its task as its watcher does. */
  async waitForPlace(runId = 'run-1'): Promise<FlowRun> {
    this.clock.advance(10 * 60_000);
    await recoverLaunch(this.deps, this.launching(runId), stop);
    return this.run(runId);
  }

  /** What looks after runs in an agent; every one that is made has just started. */
  watcher(by = 'agent-1', instance = `${by} later`): RunWatcher {
    return new RunWatcher({
      store: this.store,
      recover: { ...this.depsOf(by, instance) },
      clock: this.clock,
      log: silentLog,
      onTrouble: () => undefined,
      isBeingLaunched: () => false,
      shards: ALL_SHARDS,
      onQueued: (run) => this.queuedAgain.push(run),
      onFreed: () => undefined,
      pace: DEFAULT_PACE,
    });
  }

  /** One look of an agent that has just started at all runs in flight; resolves to this run as it is then. */
  async look(runId = 'run-1'): Promise<FlowRun> {
    const watch = this.watcher();
    await watch.scan();
    await watch.look(stop, true);
    return this.run(runId);
  }

  run(runId = 'run-1'): FlowRun {
    const run = this.store.peek(runId);
    if (run === undefined) throw new Error(`there is no run ${runId}`);
    return run;
  }

  launching(runId = 'run-1'): LaunchingRun {
    const run = this.run(runId);
    if (run.status !== 'LAUNCHING') throw new Error(`run ${runId} is ${run.status}`);
    return run;
  }

  get taskArn(): string {
    return this.host.taskArns.at(-1) ?? '';
  }

  /** ECS says that the task is in this state. */
  show(lastStatus: string, over: Partial<ObservedTask> = {}, taskArn = this.taskArn): void {
    const task = { taskArn, lastStatus, version: 5, containers: [{ name: 'flow' }], ...over };
    this.host.observations.set(taskArn, { kind: lastStatus === 'STOPPED' ? 'stopped' : 'active', task });
  }
}

export { stop };
