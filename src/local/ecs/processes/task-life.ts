import type { LogsSink } from '../../logs/logs-sink.ts';
import { AwsError, type LocalClock } from '../../service.ts';
import type { EcsFaults } from '../ecs-faults.ts';
import type { EcsDelays } from '../ecs-options.ts';
import type { EcsStore } from '../state/ecs-store.ts';
import type { ContainerRecord, StopCode, TaskChange, TaskRecord } from '../state/records.ts';
import { type ContainerPlan, type PlanTools, planContainers } from './container-plan.ts';
import type { Ending } from './container-process.ts';
import { Gate } from './gate.ts';
import type { LogTarget } from './log-target.ts';
import type { MetadataEndpoint } from './metadata-endpoint.ts';
import type { ProcessSlots } from './process-slots.ts';
import { StartRefusal } from './start-refusal.ts';
import { TaskContainers } from './task-containers.ts';
import { whenUp } from './when-up.ts';
import type { WorkFolders } from './work-folders.ts';

export interface LifeTools extends Omit<PlanTools, 'metadataUri' | 'workFolder'> {
  readonly store: EcsStore;
  readonly clock: LocalClock;
  readonly logs: LogsSink;
  readonly faults: EcsFaults;
  readonly delays: EcsDelays;
  /** For containers that run, or are about to. */
  readonly slots: ProcessSlots;
  /** For containers that start: a program needs most of a processor until it is up. */
  readonly starts: ProcessSlots;
  readonly metadata: MetadataEndpoint;
  readonly workFolders: WorkFolders;
}

/** Why a task stops. */
export interface StopCause {
  readonly stopCode: StopCode;
  readonly stoppedReason: string;
}

/**
 * One task from PROVISIONING to STOPPED. The way up can be left at every step by {@link stop}; the way down is walked
 * once, whoever asked for it.
 */
export class TaskLife {
  readonly #arn: string;
  readonly #tools: LifeTools;
  readonly #stopAsked = new Gate();
  readonly #isUp = new Gate();
  #containers: TaskContainers | undefined;
  /** Closed by local AWS's own end: nothing is recorded any more, the next start finds the task as it stood. */
  #isAbandoned = false;

  constructor(arn: string, tools: LifeTools) {
    this.#arn = arn;
    this.#tools = tools;
  }

  async live(): Promise<void> {
    await this.#stay(this.#tools.delays.provisioningMs);
    if (!this.#stopAsked.isOpen) this.#update({ lastStatus: 'PENDING', connectivityAt: this.#now() });
    await this.#stay(this.#tools.delays.pendingMs);
    const size = this.#task()?.containers.length ?? 1;
    const taken = this.#tools.slots.take(size);
    try {
      await Promise.race([taken.granted, this.#stopAsked.opened]);
      await this.#waitForTurn(size);
      await this.#activate();
      await this.#stopAsked.opened;
      await this.#stopContainers();
    } finally {
      taken.giveBack();
      if (!this.#isAbandoned) this.#cleanUp();
    }
    this.#update({ lastStatus: 'DEPROVISIONING', ...this.#containersStopped() });
    await this.#delay(this.#tools.delays.deprovisioningMs);
    this.#update({ lastStatus: 'STOPPED', stoppedAt: this.#now() });
  }

  /** Asks the task to stop; the first cause stands. `also` changes in the same version. */
  stop(cause: StopCause, also: TaskChange = {}): void {
    if (this.#stopAsked.isOpen) {
      if (Object.keys(also).length > 0) this.#update(also);
      return;
    }
    this.#update({ ...also, ...cause, desiredStatus: 'STOPPED', stoppingAt: this.#now() });
    this.#stopAsked.open();
  }

  outOfMemory(container: string | undefined): void {
    this.#containers?.outOfMemory(container);
  }

  /** Kills the processes and records nothing any more; resolves when they are gone. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    this.#stopAsked.open();
    await this.#containers?.kill();
    this.#cleanUp();
  }

  killNow(): void {
    this.#containers?.killNow();
  }

  /**
   * Waits until few enough other tasks start. Many at once would starve each other and local AWS itself, until calls and
   * the metadata endpoint answer too late. The turn ends when the task is up, or stops.
   */
  async #waitForTurn(size: number): Promise<void> {
    if (this.#stopAsked.isOpen) return;
    const turn = this.#tools.starts.take(size);
    void Promise.race([this.#isUp.opened, this.#stopAsked.opened]).then(() => turn.giveBack());
    await Promise.race([turn.granted, this.#stopAsked.opened]);
  }

  async #activate(): Promise<void> {
    if (this.#stopAsked.isOpen) return;
    this.#update({ lastStatus: 'ACTIVATING', pullStartedAt: this.#now() });
    await this.#stay(this.#tools.delays.activatingMs);
    if (this.#stopAsked.isOpen) return;
    await this.#tools.metadata.listening();
    const task = this.#task();
    if (!task || this.#stopAsked.isOpen || this.#failsToStart(task)) return;
    const plans = this.#plan(task);
    if (!plans) return;
    this.#containers = new TaskContainers(plans, this.#tools.clock, {
      onStart: (name, mark) => {
        this.#tools.store.noteTask(this.#arn, this.#containerChange(name, { lastStatus: 'RUNNING', process: mark }));
        if (mark) whenUp(mark.pid, this.#tools.clock, () => this.#isUp.open());
      },
      onEnd: (plan, ending) => this.#containerEnded(plan, ending),
      write: (target, lines) => this.#write(target, lines),
    });
    this.#tools.store.noteTask(this.#arn, { pullStoppedAt: this.#now() });
    await Promise.race([this.#containers.start(), this.#stopAsked.opened]);
    if (!this.#stopAsked.isOpen) this.#update({ lastStatus: 'RUNNING', startedAt: this.#now() });
  }

  #failsToStart(task: TaskRecord): boolean {
    const fault = this.#tools.faults.start(task);
    if (!fault) return false;
    const {
      stopCode = 'TaskFailedToStart',
      stoppedReason = 'Timeout waiting for network interface provisioning to complete.',
    } = fault;
    this.stop({ stopCode, stoppedReason }, fault.containers === 'empty' ? { containers: [] } : {});
    return true;
  }

  #plan(task: TaskRecord): readonly ContainerPlan[] | undefined {
    const definition = this.#tools.store.definitionOf(task);
    const metadata = this.#tools.metadata;
    try {
      if (!definition) throw new StartRefusal('ResourceInitializationError: the task definition is no longer there.');
      const workFolder = this.#tools.workFolders.make(task.id);
      const metadataUri = (runtimeId: string) => metadata.add(runtimeId, task.arn, () => this.#isUp.open());
      return planContainers(task, definition, { ...this.#tools, metadataUri, workFolder });
    } catch (error) {
      if (!(error instanceof StartRefusal)) throw error;
      this.stop({ stopCode: 'TaskFailedToStart', stoppedReason: error.message });
      return undefined;
    }
  }

  #containerEnded(plan: ContainerPlan, ending: Ending): void {
    const task = this.#task();
    const fault = task && this.#tools.faults.exit(task, plan.name);
    const told = fault ? { exitCode: fault.exitCode, reason: fault.reason ?? ending.reason } : ending;
    const change = this.#containerChange(plan.name, {
      lastStatus: 'STOPPED',
      exitCode: told.exitCode,
      reason: told.reason,
    });
    if (!plan.essential) {
      this.#update(change);
      return;
    }
    const isNeverStarted = !ending.isStarted && ending.reason !== undefined;
    this.stop(
      isNeverStarted
        ? { stopCode: 'TaskFailedToStart', stoppedReason: ending.reason ?? '' }
        : { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' },
      change,
    );
  }

  async #stopContainers(): Promise<void> {
    if (!this.#containers) return;
    this.#update({ lastStatus: 'DEACTIVATING' });
    this.#update({ lastStatus: 'STOPPING' });
    await Promise.all([this.#containers.stop(), this.#delay(this.#tools.delays.stoppingMs)]);
  }

  #containersStopped(): TaskChange {
    const containers = this.#task()?.containers ?? [];
    return {
      executionStoppedAt: this.#now(),
      containers: containers.map((container): ContainerRecord => ({ ...container, lastStatus: 'STOPPED' })),
    };
  }

  #containerChange(name: string, change: Partial<ContainerRecord>): TaskChange {
    const containers = this.#task()?.containers ?? [];
    return {
      containers: containers.map((container) => (container.name === name ? { ...container, ...change } : container)),
    };
  }

  /** What cannot be logged is lost, as with the driver's non-blocking mode; the task does not suffer from it. */
  #write({ group, stream }: LogTarget, lines: readonly string[]): void {
    const timestamp = this.#now();
    try {
      this.#tools.logs.put(
        group,
        stream,
        lines.map((message) => ({ timestamp, message })),
      );
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }

  #cleanUp(): void {
    this.#tools.workFolders.remove(this.#arn.slice(this.#arn.lastIndexOf('/') + 1));
    for (const { runtimeId } of this.#task()?.containers ?? []) this.#tools.metadata.remove(runtimeId);
  }

  #task(): TaskRecord | undefined {
    return this.#tools.store.state.tasks.get(this.#arn);
  }

  #now(): number {
    return this.#tools.clock.now();
  }

  #update(change: TaskChange): void {
    if (!this.#isAbandoned) this.#tools.store.updateTask(this.#arn, change);
  }

  /** Stays as it is for so long, or until it is asked to stop. */
  async #stay(ms: number): Promise<void> {
    if (!this.#stopAsked.isOpen) await Promise.race([this.#delay(ms), this.#stopAsked.opened]);
  }

  #delay(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (ms > 0) this.#tools.clock.after(ms, resolve);
      else setImmediate(resolve);
    });
  }
}
